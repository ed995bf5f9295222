/* Runs the ClickHouse engine inside libchdb.so: clickhouse LIBRARY ARGUMENT...
 *
 * It serves until its standard input closes, so it gets a pipe whose other end is kept here. SIGTERM closes that end,
 * which lets the server finish in order; every thread inherits the blocked signal, so only the waiting one sees it. */
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static int stdin_writer;
static sigset_t stop_signals;

static void *close_stdin_on_stop(void *unused) {
    int received;
    (void)unused;
    sigwait(&stop_signals, &received);
    close(stdin_writer);
    return NULL;
}

int main(int argc, char **argv) {
    int ends[2];
    pthread_t waiter;
    void *library;
    int (*query_cmdline)(int, char **);

    if (argc < 2) return fprintf(stderr, "usage: %s LIBRARY ARGUMENT...\n", argv[0]), 2;
    library = dlopen(argv[1], RTLD_NOW | RTLD_GLOBAL);
    if (!library) return fprintf(stderr, "%s\n", dlerror()), 1;
    *(void **)&query_cmdline = dlsym(library, "chdb_query_cmdline");
    if (!query_cmdline) return fprintf(stderr, "%s\n", dlerror()), 1;

    sigemptyset(&stop_signals);
    sigaddset(&stop_signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &stop_signals, NULL);
    if (pipe(ends) || dup2(ends[0], STDIN_FILENO) < 0) return perror("pipe"), 1;
    stdin_writer = ends[1];
    if (pthread_create(&waiter, NULL, close_stdin_on_stop, NULL)) return perror("thread"), 1;

    argv[1] = argv[0];
    return query_cmdline(argc - 1, argv + 1);
}
