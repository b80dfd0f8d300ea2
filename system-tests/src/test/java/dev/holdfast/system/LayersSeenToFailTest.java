package dev.holdfast.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.holdfast.core.elsewhere.Neighbour;
import dev.holdfast.core.elsewhere.internal.Inside;
import dev.holdfast.core.planted.Trespasser;
import dev.holdfast.server.planted.Intruder;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule of {@link LayersTest} is broken by classes planted for that. A rule that nothing can break guards nothing. */
final class LayersSeenToFailTest {
    private static final JavaClasses PLANTED =
            new ClassFileImporter().importClasses(Trespasser.class, Neighbour.class, Inside.class, Intruder.class);

    /** Netty is not among our libraries at present; its rule is made by the same method as the one for SSH. */
    private static final String NOTHING_TO_PLANT = "nettyHasOneHome";

    static Stream<String> rules() {
        return Arrays.stream(LayersTest.class.getDeclaredFields())
                .filter(field -> field.isAnnotationPresent(ArchTest.class))
                .map(Field::getName)
                .filter(name -> !name.equals(NOTHING_TO_PLANT));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void theRuleFailsOnPlantedCode(String name) throws ReflectiveOperationException {
        ArchRule rule = (ArchRule) LayersTest.class.getDeclaredField(name).get(null);

        assertThat(rule.evaluate(PLANTED).hasViolation()).as(name).isTrue();
    }
}
