/*
 * Preloaded into a terminal whose power is to be cut (figures.md, F12): writes down what it does to the files of its book, in the order in which it is done.
 * DISK_TRACE: the file that gets the records (disk-trace.ts reads them). DISK_TRACE_FOLDER: only files below it whose name has `.db` in it, and the folders
 * that they stand in; not `-shm`, which is memory.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { OPENED = 1, WRITTEN, RESIZED, SYNCED, UNLINKED, RENAMED, LINKED };

/* Little-endian, 32 bytes; then the name, then the data. */
struct record {
  uint32_t op;
  uint32_t name_bytes;
  uint64_t file; /* inode */
  uint64_t at;   /* offset, or size */
  uint32_t data_bytes;
  uint32_t is_folder;
};

#define MAX_FDS 4096
static uint64_t files[MAX_FDS]; /* inode of each descriptor that is followed */
static int trace = -1;
static const char *folder;
static size_t folder_bytes;
static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("DISK_TRACE");
  folder = getenv("DISK_TRACE_FOLDER");
  if (!path || !folder) return;
  folder_bytes = strlen(folder);
  trace = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

/* In one piece, so that the marks of the program itself (disk-trace.ts) stand between records. */
static void record(uint32_t op, uint64_t file, uint64_t at, uint32_t is_folder, const char *name, const void *data, size_t bytes) {
  size_t name_bytes = name ? strlen(name) : 0;
  struct record head = {op, (uint32_t)name_bytes, file, at, (uint32_t)bytes, is_folder};
  struct iovec parts[3] = {{&head, sizeof head}, {(void *)name, name_bytes}, {(void *)data, bytes}};
  if (syscall(SYS_writev, trace, parts, 3) != (long)(sizeof head + name_bytes + bytes)) {
    fprintf(stderr, "disk-shim: the trace could not be written\n");
    abort();
  }
}

/* The name below the folder; NULL: not followed. */
static const char *followed(const char *path) {
  if (trace < 0 || !path || strncmp(path, folder, folder_bytes) != 0) return NULL;
  const char *name = path + folder_bytes;
  if (*name == '/') name++;
  size_t bytes = strlen(name);
  if (bytes >= 4 && strcmp(name + bytes - 4, "-shm") == 0) return NULL;
  return strstr(name, ".db") || bytes == 0 || strcmp(name, "backups") == 0 ? name : NULL;
}

static int is_followed(int fd) { return trace >= 0 && fd >= 0 && fd < MAX_FDS && files[fd] != 0; }

static void opened(int fd, const char *path, int flags) {
  const char *name = fd >= 0 && fd < MAX_FDS ? followed(path) : NULL;
  struct stat64 status;
  if (!name || fstat64(fd, &status) != 0) return;
  int is_folder = S_ISDIR(status.st_mode);
  if (!is_folder && !strstr(name, ".db")) return;
  files[fd] = status.st_ino;
  record(OPENED, status.st_ino, (uint64_t)status.st_size, (uint32_t)is_folder, name, NULL, 0);
  if (!is_folder && (flags & O_TRUNC)) record(RESIZED, status.st_ino, 0, 0, NULL, NULL, 0);
}

#define REAL(name, type, ...) ((type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name))

#define OPEN(name)                                                   \
  int name(const char *path, int flags, ...) {                       \
    va_list more;                                                    \
    va_start(more, flags);                                           \
    mode_t mode = va_arg(more, mode_t);                              \
    va_end(more);                                                    \
    pthread_mutex_lock(&order);                                      \
    int fd = REAL(name, int, const char *, int, ...)(path, flags, mode); \
    opened(fd, path, flags);                                         \
    pthread_mutex_unlock(&order);                                    \
    return fd;                                                       \
  }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                            \
  int name(int at, const char *path, int flags, ...) {                          \
    va_list more;                                                               \
    va_start(more, flags);                                                      \
    mode_t mode = va_arg(more, mode_t);                                         \
    va_end(more);                                                               \
    pthread_mutex_lock(&order);                                                 \
    int fd = REAL(name, int, int, const char *, int, ...)(at, path, flags, mode); \
    opened(fd, path, flags);                                                    \
    pthread_mutex_unlock(&order);                                               \
    return fd;                                                                  \
  }
OPENAT(openat)
OPENAT(openat64)

int close(int fd) {
  if (is_followed(fd)) files[fd] = 0;
  return REAL(close, int, int)(fd);
}

#define PWRITE(name, offset)                                                             \
  ssize_t name(int fd, const void *data, size_t bytes, offset at) {                      \
    ssize_t (*real)(int, const void *, size_t, offset) = REAL(name, ssize_t, int, const void *, size_t, offset); \
    if (!is_followed(fd)) return real(fd, data, bytes, at);                              \
    pthread_mutex_lock(&order);                                                          \
    ssize_t done = real(fd, data, bytes, at);                                            \
    if (done > 0) record(WRITTEN, files[fd], (uint64_t)at, 0, NULL, data, (size_t)done); \
    pthread_mutex_unlock(&order);                                                        \
    return done;                                                                         \
  }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

ssize_t write(int fd, const void *data, size_t bytes) {
  ssize_t (*real)(int, const void *, size_t) = REAL(write, ssize_t, int, const void *, size_t);
  if (!is_followed(fd)) return real(fd, data, bytes);
  pthread_mutex_lock(&order);
  off64_t at = lseek64(fd, 0, SEEK_CUR);
  ssize_t done = real(fd, data, bytes);
  if (done > 0) record(WRITTEN, files[fd], (uint64_t)at, 0, NULL, data, (size_t)done);
  pthread_mutex_unlock(&order);
  return done;
}

/* What succeeded is written down. */
#define FOLLOW(fd, call, op, at)                              \
  if (!is_followed(fd)) return call;                          \
  pthread_mutex_lock(&order);                                 \
  int failed = call;                                          \
  if (!failed) record(op, files[fd], at, 0, NULL, NULL, 0);   \
  pthread_mutex_unlock(&order);                               \
  return failed

int ftruncate(int fd, off_t size) { FOLLOW(fd, REAL(ftruncate, int, int, off_t)(fd, size), RESIZED, (uint64_t)size); }
int ftruncate64(int fd, off64_t size) {
  FOLLOW(fd, REAL(ftruncate64, int, int, off64_t)(fd, size), RESIZED, (uint64_t)size);
}
int fsync(int fd) { FOLLOW(fd, REAL(fsync, int, int)(fd), SYNCED, 0); }
int fdatasync(int fd) { FOLLOW(fd, REAL(fdatasync, int, int)(fd), SYNCED, 0); }

int unlink(const char *path) {
  const char *name = followed(path);
  pthread_mutex_lock(&order);
  int failed = REAL(unlink, int, const char *)(path);
  if (!failed && name) record(UNLINKED, 0, 0, 0, name, NULL, 0);
  pthread_mutex_unlock(&order);
  return failed;
}

static int moved(uint32_t op, int (*real)(const char *, const char *), const char *from, const char *to) {
  const char *old_name = followed(from), *new_name = followed(to);
  pthread_mutex_lock(&order);
  int failed = real(from, to);
  if (!failed && old_name && new_name) record(op, 0, 0, 0, old_name, new_name, strlen(new_name));
  pthread_mutex_unlock(&order);
  return failed;
}
int rename(const char *from, const char *to) {
  return moved(RENAMED, REAL(rename, int, const char *, const char *), from, to);
}
int link(const char *from, const char *to) {
  return moved(LINKED, REAL(link, int, const char *, const char *), from, to);
}
