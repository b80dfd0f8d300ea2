@NullMarked
package dev.holdfast.cli.service;

import org.jspecify.annotations.NullMarked;
