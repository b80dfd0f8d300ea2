package dev.holdfast.core.daemon;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Lets a class use what forbidden-apis refuses, for the reason given. */
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
@interface AllowForbidden {
    String value();
}
