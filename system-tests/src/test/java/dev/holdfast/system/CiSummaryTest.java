package dev.holdfast.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The last lines of continuous integration, which are all that many people read of it. */
final class CiSummaryTest {
    @TempDir
    Path folder;

    private String summary() throws Exception {
        Path script = Path.of("../.ci/summary").toAbsolutePath().normalize();
        Process process = new ProcessBuilder(script.toString(), folder.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    private void report(String module, String cases) throws Exception {
        Path reports = Files.createDirectories(folder.resolve(module).resolve("target/surefire-reports"));
        Files.writeString(reports.resolve("TEST-dev.holdfast.SomeTest.xml"), """
                <?xml version="1.0" encoding="UTF-8"?>
                <testsuite xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" name="dev.holdfast.SomeTest"
                    time="0.02" tests="3" errors="0" skipped="1" failures="1">
                """ + cases + "</testsuite>\n");
    }

    @Test
    void aTestThatWasNotRunIsNamedWithItsReason() throws Exception {
        report("keys", """
                  <testcase name="isFine" classname="dev.holdfast.SomeTest" time="0.0"/>
                  <testcase name="theRunbook" classname="dev.holdfast.system.site.RunbookTest" time="0.0">
                    <skipped type="org.opentest4j.TestAbortedException"><![CDATA[org.opentest4j.TestAbortedException: Assumption failed: NOT RUN: needs a Docker engine
                	at org.junit.jupiter.api.Assumptions.throwAssumptionFailed(Assumptions.java:340)
                ]]></skipped>
                  </testcase>
                """);
        report("core", """
                  <testcase name="another" classname="dev.holdfast.OtherTest" time="0.0">
                    <skipped type="org.opentest4j.TestAbortedException"><![CDATA[org.opentest4j.TestAbortedException:
                assumption was not met due to: [NOT RUN: root may look into every folder]
                Expecting value to be false but was true
                ]]></skipped>
                  </testcase>
                  <testcase name="third" classname="dev.holdfast.OtherTest" time="0.0">
                    <skipped message="it&apos;s broken"/>
                  </testcase>
                """);
        assertThat(summary().lines())
                .contains(
                        "ci: NOT RUN: RunbookTest.theRunbook: needs a Docker engine",
                        "ci: NOT RUN: OtherTest.another: root may look into every folder",
                        "ci: NOT RUN: OtherTest.third: it's broken")
                .endsWith("ci: tests 6, failures 2, errors 0, skipped 2");
    }

    @Test
    void withoutReportsItSaysSo() throws Exception {
        assertThat(summary()).isEqualTo("ci: no test reports were written\n");
    }
}
