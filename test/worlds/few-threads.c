/*
 * Decides a system that gives a program few threads: loaded before all else, it lets the standard
 * library of C++ start THREADS of them and refuses the next ones as a full system does.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <string.h>

typedef int (*Create)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);

static int started = 0;

int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*begin)(void*),
                   void* context) {
  const Create create = (Create)dlsym(RTLD_NEXT, "pthread_create");
  Dl_info from;
  const int isKnown = dladdr((void*)begin, &from) != 0 && from.dli_fname != NULL;
  if (isKnown && strstr(from.dli_fname, "libstdc++") != NULL) {
    if (started == THREADS) return EAGAIN;
    started += 1;
  }
  return create(thread, attributes, begin, context);
}
