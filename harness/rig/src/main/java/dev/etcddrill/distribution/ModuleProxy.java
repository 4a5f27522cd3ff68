package dev.etcddrill.distribution;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One address of a {@code GOPROXY} list (Go modules reference, "GOPROXY").
 *
 * @param address with a slash at its end
 * @param afterAnyError whether the next one is asked after any error ("|"), or only where this one has no such module (",")
 */
record ModuleProxy(URI address, boolean afterAnyError) {
    private static final Pattern ENTRY = Pattern.compile("([^,|]*)([,|]?)");

    ModuleProxy {
        requireNonNull(address, "address");
    }

    /**
     * Reads a list. {@code direct} is no address, and {@code off} ends the list: what follows is not to be asked.
     *
     * @throws IllegalArgumentException where an entry that would be asked is malformed
     */
    static List<ModuleProxy> list(String text) {
        List<ModuleProxy> proxies = new ArrayList<>();
        Matcher entries = ENTRY.matcher(text);
        while (entries.find()) {
            String entry = entries.group(1).strip();
            if (entry.equals("off")) {
                break;
            }
            if (entry.startsWith("http://") || entry.startsWith("https://")) {
                proxies.add(new ModuleProxy(
                        URI.create(entry.endsWith("/") ? entry : entry + "/"),
                        entries.group(2).equals("|")));
            }
        }
        return List.copyOf(proxies);
    }
}
