package dev.holdfast.core.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a name may be, and which known one was probably meant. */
final class Names {
    static final String RULE =
            "letters, digits, '_', '-' and '.', not starting with '.' or '-', at most 100 characters";
    private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}");

    private Names() {}

    /** Whether hosts, volumes and realms may be called so: the name is safe as a file name. */
    static boolean isSafe(String name) {
        return SAFE.matcher(name).matches();
    }

    /** The known name nearest by edit distance, when it is near enough to be what was meant. */
    static Optional<String> nearest(String text, Collection<String> known) {
        if (text.isEmpty() || text.length() > 100) {
            return Optional.empty();
        }
        String best = "";
        int bestDistance = Math.max(1, text.length() / 3) + 1;
        for (String candidate : known) {
            int distance = distance(text.toLowerCase(Locale.ROOT), candidate);
            if (distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return best.isEmpty() ? Optional.empty() : Optional.of(best);
    }

    /** Insertions, deletions, replacements and swaps of neighbours that turn one into the other. */
    private static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                cost[i][j] = Math.min(replaced, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[a.length()][b.length()];
    }
}
