/* Preloaded into a benchmark: counts fsync and fdatasync, and makes each slower by as much as the page says (figures.md). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

struct page {
  uint64_t syncs;
  uint64_t delay_us;
};

static struct page *page;

__attribute__((constructor)) static void open_page(void) {
  const char *path = getenv("SYNC_SHIM_PAGE");
  int fd = path ? open(path, O_RDWR) : -1;
  if (fd < 0) return;
  void *at = mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (at != MAP_FAILED) page = at;
  close(fd);
}

static int counted(const char *name, int fd) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  int result = real(fd);
  if (!page) return result;
  __atomic_add_fetch(&page->syncs, 1, __ATOMIC_RELAXED);
  if (page->delay_us > 0) {
    struct timespec wait = {(time_t)(page->delay_us / 1000000), (long)(page->delay_us % 1000000) * 1000};
    nanosleep(&wait, NULL);
  }
  return result;
}

int fsync(int fd) { return counted("fsync", fd); }
int fdatasync(int fd) { return counted("fdatasync", fd); }
