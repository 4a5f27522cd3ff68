package dev.etcddrill.cluster;

import static java.util.Objects.requireNonNull;

import eu.rekawek.toxiproxy.Proxy;
import eu.rekawek.toxiproxy.ToxiproxyClient;
import eu.rekawek.toxiproxy.model.Toxic;
import eu.rekawek.toxiproxy.model.ToxicDirection;
import eu.rekawek.toxiproxy.model.ToxicList;
import eu.rekawek.toxiproxy.model.toxic.Latency;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The control interface of one Toxiproxy server. Its Java client waits for ever where the server hangs; here every call
 * has an end.
 */
public final class ToxiproxyControl {
    /**
     * What the server is started with. It copies bytes between sockets and does nothing else: on more than one thread it
     * mostly wakes itself up, which costs the cluster beside it more than it gains (docs/performance.md, "Links").
     */
    public static final Map<String, String> SERVER_ENVIRONMENT = Map.of("GOMAXPROCS", "1", "GOGC", "400");

    /** Changes nothing in a proxy take longer than milliseconds; a busy machine may need a few of these. */
    private static final Duration CALL_PATIENCE = Duration.ofSeconds(10);

    private static final Duration READY_PAUSE = Duration.ofMillis(5);

    private final String host;
    private final int port;

    public ToxiproxyControl(String host, int port) {
        this.host = requireNonNull(host, "host");
        this.port = port;
    }

    /**
     * Waits until the server answers.
     *
     * @throws ClusterException where it does not in this time
     */
    public void awaitReady(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                client().version();
                return;
            } catch (IOException | RuntimeException e) {
                if (System.nanoTime() > end) {
                    throw new ClusterException(
                            "Toxiproxy at " + this + " does not answer within " + patience.toSeconds() + " s: " + e, e);
                }
            }
            try {
                TimeUnit.NANOSECONDS.sleep(READY_PAUSE.toNanos());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ClusterException("interrupted while waiting for Toxiproxy at " + this, e);
            }
        }
    }

    /**
     * Makes a proxy.
     *
     * @param listen address and port that it listens on; port 0 for any free one
     * @return where it listens
     * @throws ClusterException where it cannot be made
     */
    public InetSocketAddress createProxy(String name, String listen, String upstream) {
        String bound = call(
                "make the proxy " + name,
                client -> client.createProxy(name, listen, upstream).getListen());
        int colon = bound.lastIndexOf(':');
        return new InetSocketAddress(
                bound.substring(0, colon).replaceAll("[\\[\\]]", ""), Integer.parseInt(bound.substring(colon + 1)));
    }

    /** Removes a proxy with its connections; does nothing where there is none of that name. */
    public void deleteProxy(String name) {
        call("remove the proxy " + name, client -> {
            Proxy proxy = client.getProxyOrNull(name);
            if (proxy != null) {
                proxy.delete();
            }
            return name;
        });
    }

    /**
     * Puts a toxic into one direction of a proxy.
     *
     * @param name unique within the proxy
     * @param upstream whether it acts on what flows from the dialling end to the dialled one
     */
    public void addToxic(String proxy, String name, boolean upstream, LinkToxic toxic) {
        ToxicDirection direction = upstream ? ToxicDirection.UPSTREAM : ToxicDirection.DOWNSTREAM;
        call("put the toxic " + name + " into the proxy " + proxy, client -> {
            ToxicList toxics = client.getProxy(proxy).toxics();
            if (toxic instanceof LinkToxic.Delay delay) {
                Latency latency =
                        toxics.latency(name, direction, delay.latency().toMillis());
                if (!delay.jitter().isZero()) {
                    latency.setJitter(delay.jitter().toMillis());
                }
            } else if (toxic instanceof LinkToxic.Narrow narrow) {
                toxics.bandwidth(name, direction, narrow.kilobytesPerSecond());
            } else if (toxic instanceof LinkToxic.Blackhole) {
                toxics.timeout(name, direction, 0);
            } else if (toxic instanceof LinkToxic.Reset reset) {
                toxics.resetPeer(name, direction, reset.after().toMillis());
            } else if (toxic instanceof LinkToxic.SlowClose slow) {
                toxics.slowClose(name, direction, slow.delay().toMillis());
            }
            return name;
        });
    }

    /** Takes a toxic out of a proxy; does nothing where it is not there. */
    public void removeToxic(String proxy, String name) {
        call("take the toxic " + name + " out of the proxy " + proxy, client -> {
            for (Toxic toxic : client.getProxy(proxy).toxics().getAll()) {
                if (toxic.getName().equals(name)) {
                    toxic.remove();
                }
            }
            return name;
        });
    }

    /** Names of the toxics that are in a proxy now. */
    public List<String> toxics(String proxy) {
        return call(
                "list the toxics of the proxy " + proxy,
                client -> client.getProxy(proxy).toxics().getAll().stream()
                        .map(Toxic::getName)
                        .toList());
    }

    private ToxiproxyClient client() {
        return new ToxiproxyClient(host, port);
    }

    private <T> T call(String what, Call<T> call) {
        CompletableFuture<T> answer = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return call.with(client());
                    } catch (IOException e) {
                        throw new CompletionException(e);
                    }
                },
                task -> {
                    Thread thread = new Thread(task, "toxiproxy-control");
                    thread.setDaemon(true);
                    thread.start();
                });
        try {
            return answer.get(CALL_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new ClusterException(
                    "Toxiproxy at " + this + " could not " + what + ": "
                            + e.getCause().getMessage(),
                    e.getCause());
        } catch (TimeoutException e) {
            throw new ClusterException(
                    "Toxiproxy at " + this + " did not " + what + " within " + CALL_PATIENCE.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClusterException("interrupted while Toxiproxy at " + this + " was to " + what, e);
        }
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }

    @FunctionalInterface
    private interface Call<T> {
        T with(ToxiproxyClient client) throws IOException;
    }
}
