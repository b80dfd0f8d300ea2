@NullMarked
package dev.holdfast.agent.engine;

import org.jspecify.annotations.NullMarked;
