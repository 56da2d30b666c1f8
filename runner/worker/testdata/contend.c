/* Two processes lock the same mutex, each as often as the argument says, and add to a number meanwhile.
 * It prints the nanoseconds from when the first began until the last was done. See BenchmarkLockContended. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct shared {
	_Alignas(64) pthread_mutex_t mutex;
	_Alignas(64) int64_t ready;
	_Alignas(64) int64_t sum;
	int64_t from[2], to[2];
};

static int64_t now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

static void contend(struct shared *s, int who, long times)
{
	__atomic_add_fetch(&s->ready, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&s->ready, __ATOMIC_SEQ_CST) < 2)
		usleep(50);
	s->from[who] = now();
	for (long i = 0; i < times; i++) {
		pthread_mutex_lock(&s->mutex);
		for (int j = 0; j < 4; j++) /* as Shared.Load and Shared.Store */
			__atomic_store_n(&s->sum, __atomic_load_n(&s->sum, __ATOMIC_SEQ_CST) + 1, __ATOMIC_SEQ_CST);
		pthread_mutex_unlock(&s->mutex);
	}
	s->to[who] = now();
}

int main(int argc, char **argv)
{
	long times = argc > 1 ? atol(argv[1]) : 1000;
	struct shared *s = mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (s == MAP_FAILED)
		return 1;
	pthread_mutexattr_t attr;
	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&s->mutex, &attr);
	for (int who = 0; who < 2; who++) {
		pid_t child = fork();
		if (child < 0)
			return 1;
		if (child == 0) {
			contend(s, who, times);
			return 0;
		}
	}
	for (int who = 0; who < 2; who++)
		if (wait(NULL) < 0)
			return 1;
	if (s->sum != 2 * 4 * times)
		return 1;
	int64_t from = s->from[0] < s->from[1] ? s->from[0] : s->from[1];
	int64_t to = s->to[0] > s->to[1] ? s->to[0] : s->to[1];
	printf("%lld\n", (long long)(to - from));
	return 0;
}
