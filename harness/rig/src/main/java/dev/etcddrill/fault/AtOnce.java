package dev.etcddrill.fault;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** What hits many does so at the same time. */
final class AtOnce {
    /** A thread for each task: they wait, and none may wait for another's. */
    static final Executor THREADS = task -> {
        Thread thread = new Thread(task, "fault");
        thread.setDaemon(true);
        thread.start();
    };

    private AtOnce() {}

    /** Does something for each of many at the same time, and tells the first failure when all are done. */
    static <T> void forAll(List<T> all, Consumer<T> action) {
        List<CompletableFuture<Void>> running = all.stream()
                .map(one -> CompletableFuture.runAsync(() -> action.accept(one), THREADS))
                .toList();
        try {
            CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
    }
}
