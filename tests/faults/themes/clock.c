// A wall clock that jumps, for LD_PRELOAD: the time of day is off by as many seconds as the first eight bytes of CLOCK_OFFSET say.
// What the kernel does when somebody sets the clock happens here too: who waits until a time of day waits for the moved one.
// The monotonic clock goes on. Nothing here allocates: an allocator asks for the time while it starts (libfaketime, which looks
// its functions up at that moment, never comes back from there under jemalloc).
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

static volatile const int64_t *offset;
static int (*wait_until)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);

__attribute__((constructor)) static void begin(void) {
    wait_until = dlsym(RTLD_NEXT, "pthread_cond_timedwait");
    int file = open(getenv("CLOCK_OFFSET"), O_RDONLY | O_CLOEXEC);
    void *bytes = mmap(NULL, sizeof *offset, PROT_READ, MAP_SHARED, file, 0);
    if (file < 0 || bytes == MAP_FAILED) abort();
    offset = bytes;
    close(file);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    int result = syscall(SYS_clock_gettime, clock, now);
    int is_moved = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
    if (result == 0 && is_moved && offset) now->tv_sec += *offset;
    return result;
}

int gettimeofday(struct timeval *now, void *zone) {
    (void)zone;
    struct timespec exact;
    int result = clock_gettime(CLOCK_REALTIME, &exact);
    *now = (struct timeval){exact.tv_sec, exact.tv_nsec / 1000};
    return result;
}

time_t time(time_t *now) {
    struct timespec exact;
    clock_gettime(CLOCK_REALTIME, &exact);
    if (now) *now = exact.tv_sec;
    return exact.tv_sec;
}

// Looks at the moved clock every twentieth of a second. The C client and the allocator wait so, both by the time of day.
static int until(pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *deadline) {
    for (;;) {
        struct timespec now, step;
        clock_gettime(CLOCK_REALTIME, &now);
        int64_t left = (deadline->tv_sec - now.tv_sec) * INT64_C(1000000000) + deadline->tv_nsec - now.tv_nsec;
        if (left <= 0) return ETIMEDOUT;
        syscall(SYS_clock_gettime, CLOCK_REALTIME, &step);
        int64_t end = step.tv_nsec + (left < 50000000 ? left : 50000000);
        step.tv_sec += end / 1000000000;
        step.tv_nsec = end % 1000000000;
        int result = wait_until(condition, mutex, &step);
        if (result != ETIMEDOUT) return result;
    }
}

int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *deadline) {
    return until(condition, mutex, deadline);
}

int cnd_timedwait(cnd_t *condition, mtx_t *mutex, const struct timespec *deadline) {
    int result = until((pthread_cond_t *)condition, (pthread_mutex_t *)mutex, deadline);
    return result == 0 ? thrd_success : result == ETIMEDOUT ? thrd_timedout : thrd_error;
}
