package dev.holdfast.system;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/** The walls of the house. A rule that is in the way is discussed in docs/decisions, not worked around. */
@AnalyzeClasses(packages = "dev.holdfast", importOptions = ImportOption.DoNotIncludeTests.class)
final class LayersTest {
    @ArchTest
    static final ArchRule dependenciesRunDownward = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .withOptionalLayers(true)
            .layer("keys")
            .definedBy("dev.holdfast.keys..")
            .layer("core")
            .definedBy("dev.holdfast.core..")
            .layer("agent")
            .definedBy("dev.holdfast.agent..")
            .layer("server")
            .definedBy("dev.holdfast.server..")
            .layer("cli")
            .definedBy("dev.holdfast.cli..")
            .whereLayer("cli")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("agent")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("server")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("core")
            .mayOnlyBeAccessedByLayers("agent", "server", "cli")
            .whereLayer("keys")
            .mayOnlyBeAccessedByLayers("core", "agent", "server", "cli")
            .because("agent and server meet only in what core says they agree on");

    @ArchTest
    static final ArchRule packagesHaveNoCycles = slices().matching("dev.holdfast.(*).(*)..")
            .should()
            .beFreeOfCycles()
            .because("packages that need each other are one package with a wall through it");

    @ArchTest
    static final ArchRule serverCannotOpenChunks = noClasses()
            .that()
            .resideInAPackage("dev.holdfast.server..")
            .and()
            .resideOutsideOfPackage("dev.holdfast.server.trusted..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.holdfast.keys.realm..")
            .allowEmptyShould(true)
            .because("a stolen server must yield only ciphertext");

    @ArchTest
    static final ArchRule commandLineLibraryHasOneHome =
            only("picocli..", "dev.holdfast.cli..").because("what a run does must not depend on who asked for it");

    @ArchTest
    static final ArchRule bouncyCastleHasOneHome =
            only("org.bouncycastle..", "dev.holdfast.keys..").because("cryptography is reviewed in one place");

    @ArchTest
    static final ArchRule sshHasOneHome = only("org.apache.sshd..", "dev.holdfast..transport..")
            .because("the library that speaks SSH must be replaceable");

    @ArchTest
    static final ArchRule nettyHasOneHome = only("io.netty..", "dev.holdfast..transport..", "dev.holdfast.server.web..")
            .because("threads and buffers of the network stay with the network");

    @ArchTest
    static final ArchRule databasesHaveTwoHomes = only(
                    "java.sql..", "dev.holdfast.server.catalog..", "dev.holdfast.agent.source..")
            .because("the truth is in packs; a database is a catalog or a thing to back up");

    @ArchTest
    static final ArchRule nativeAccessHasThreeHomes = only(
                    "com.sun.jna..",
                    "dev.holdfast.agent.files..",
                    "dev.holdfast.keys.primitive..",
                    "dev.holdfast.cli.notify..")
            .because(
                    "native calls can crash the process; files, AES-GCM and the service manager are all that needs them");

    @ArchTest
    static final ArchRule yamlHasOneHome = only("org.snakeyaml..", "dev.holdfast.core.config..")
            .because("a configuration is read by one reader that knows every line");

    @ArchTest
    static final ArchRule mailHasOneHome =
            only("jakarta.mail..", "dev.holdfast.server.notify..").because("only notifications leave by mail");

    @ArchTest
    static final ArchRule internalsStayInside = classes()
            .that()
            .resideInAPackage("..internal..")
            .should(onlyBeUsedFromTheirParent())
            .allowEmptyShould(true)
            .because("an internal package is part of its parent");

    @ArchTest
    static final ArchRule standardStreamsBelongToTheTerminal = noClasses()
            .that()
            .resideOutsideOfPackage("dev.holdfast.cli.terminal..")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .because("results and messages go through one class that knows what a terminal may be sent");

    @ArchTest
    static final ArchRule oneWayOut = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("dev.holdfast.cli.launch.Main")
            .should()
            .callMethod(System.class, "exit", int.class)
            .because("whoever ends the process elsewhere skips what others still have to tidy up");

    @ArchTest
    static final ArchRule logsAreForLongRuns = noClasses()
            .that()
            .resideInAnyPackage("dev.holdfast.core..", "dev.holdfast.keys..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.slf4j..")
            .because("core and keys return or report, they do not log");

    @ArchTest
    static final ArchRule neverJavaSerialization = noMethods()
            .should()
            .haveRawParameterTypes("java.io.ObjectInputStream")
            .orShould()
            .haveRawParameterTypes("java.io.ObjectOutputStream")
            .because("data crosses trust borders here, behaviour never does");

    private static ArchRule only(String library, String... homes) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(homes)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library);
    }

    private static ArchCondition<JavaClass> onlyBeUsedFromTheirParent() {
        return new ArchCondition<>("only be used from their parent package") {
            @Override
            public void check(JavaClass internal, ConditionEvents events) {
                String name = internal.getPackageName();
                String parent = name.substring(0, name.indexOf(".internal"));
                DescribedPredicate<JavaClass> inside = DescribedPredicate.describe(
                        "inside " + parent, user -> user.getPackageName().startsWith(parent));
                internal.getDirectDependenciesToSelf().stream()
                        .filter(use -> !inside.test(use.getOriginClass()))
                        .forEach(use -> events.add(SimpleConditionEvent.violated(internal, use.getDescription())));
            }
        };
    }
}
