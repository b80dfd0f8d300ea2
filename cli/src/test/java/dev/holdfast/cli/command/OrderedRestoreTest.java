package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.fleet.Order;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class OrderedRestoreTest {
    private static final Order ORDER = new Order(
            new UUID(1, 2),
            Order.Kind.RESTORE,
            "olga",
            "uat",
            "orderly",
            new Order.Restore("production", "copy", "", "", List.of(), false));

    private static Problem asToldToTheOperator(String hint) {
        return asToldToTheOperator(ORDER, hint);
    }

    private static Problem asToldToTheOperator(Order order, String hint) {
        HoldfastException problem =
                Problem.of(ProblemCode.BUSY, "it is in use", hint).asException();
        return OrderedRestore.onTheHost(order, problem).problem();
    }

    @Test
    void whatIsTypedOnTheHostIsNoMoreThanWhatWasOrdered() {
        Order some = new Order(
                new UUID(1, 2),
                Order.Kind.RESTORE,
                "olga",
                "uat",
                "orderly",
                new Order.Restore("", "", "", "3355cffd", List.of("a file", "b"), true));

        assertThat(asToldToTheOperator(some, "`--stop` stops what uses it.").hint())
                .contains("`holdfast restore orderly 'a file' b --snapshot 3355cffd --no-delete --stop`");
    }

    @Test
    void anOptionThatAnOrderCannotHaveIsSomethingToTypeOnTheHost() {
        Problem told = asToldToTheOperator("`--stop` stops what uses it, `--force` restores while it runs.");
        assertThat(told.message()).isEqualTo("it is in use");
        assertThat(told.hint())
                .contains("on host 'uat'", "`holdfast restore orderly --source production --to-volume copy --stop`")
                .doesNotContain("--force");
    }

    @Test
    void anyOtherAdviceStays() {
        assertThat(asToldToTheOperator("Wait.").hint()).isEqualTo("Wait.");
    }
}
