/*
 * Preloaded into a terminal and a broker whose reaction is measured (figures.md, F4): when they wrote what to their screen and their sockets. IO_LOG: the file
 * that gets a record for each write (io-log.ts reads them): what went to standard output whole, of the others the port and whether it has an authorisation in it.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { AUTH_UP = 1, AUTH_DOWN = 2, READ = 4 };

/* Little-endian, 24 bytes; then what went to the screen. */
struct record {
  uint64_t at_ns; /* CLOCK_MONOTONIC */
  uint32_t port;  /* of the other end; 0: standard output */
  uint32_t flags;
  uint32_t bytes;
  uint32_t data_bytes;
};

static int log_fd = -1;

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("IO_LOG");
  if (path) log_fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

/* -1: neither the screen nor a connection that this process opened or accepted over tcp. */
static int port_of(int fd) {
  if (fd == 1) return 0;
  struct sockaddr_in other;
  socklen_t bytes = sizeof other;
  if (getpeername(fd, (struct sockaddr *)&other, &bytes) != 0 || other.sin_family != AF_INET) return -1;
  return ntohs(other.sin_port);
}

static uint32_t auths(const void *data, size_t bytes) {
  uint32_t flags = 0;
  if (memmem(data, bytes, "/up/auth", 8)) flags |= AUTH_UP;
  if (memmem(data, bytes, "/down/auth", 10)) flags |= AUTH_DOWN;
  return flags;
}

static uint64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* A write has the time at which it began: the other end may be quicker than the return from it. A read has the time at which it ended. */
static void log_io(uint64_t at_ns, int fd, uint32_t flags, const struct iovec *parts, int count, ssize_t done) {
  if (log_fd < 0 || done <= 0) return;
  int port = port_of(fd);
  if (port < 0) return;
  for (int part = 0; port > 0 && part < count; part++) flags |= auths(parts[part].iov_base, parts[part].iov_len);
  uint32_t shown = port == 0 ? (uint32_t)done : 0;
  struct record head = {at_ns, (uint32_t)port, flags, (uint32_t)done, shown};
  struct iovec out[2] = {{&head, sizeof head}, {parts[0].iov_base, shown}};
  (void)!syscall(SYS_writev, log_fd, out, shown ? 2 : 1);
}

ssize_t write(int fd, const void *data, size_t bytes) {
  ssize_t (*real)(int, const void *, size_t) = (ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
  uint64_t at_ns = now_ns();
  ssize_t done = real(fd, data, bytes);
  struct iovec part = {(void *)data, bytes};
  log_io(at_ns, fd, 0, &part, 1, done);
  return done;
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  ssize_t (*real)(int, const struct iovec *, int) = (ssize_t(*)(int, const struct iovec *, int))dlsym(RTLD_NEXT, "writev");
  uint64_t at_ns = now_ns();
  ssize_t done = real(fd, parts, count);
  if (fd != 1) {
    log_io(at_ns, fd, 0, parts, count, done);
    return done;
  }
  for (int part = 0; part < count && done > 0; part++) log_io(at_ns, fd, 0, &parts[part], 1, (ssize_t)parts[part].iov_len);
  return done;
}

ssize_t read(int fd, void *data, size_t bytes) {
  ssize_t (*real)(int, void *, size_t) = (ssize_t(*)(int, void *, size_t))dlsym(RTLD_NEXT, "read");
  ssize_t done = real(fd, data, bytes);
  struct iovec part = {data, done > 0 ? (size_t)done : 0};
  if (fd > 2) log_io(now_ns(), fd, READ, &part, 1, done);
  return done;
}
