/*
 * Counts what a program does to a folder, and disturbs it at one point.
 *
 * Loaded with LD_PRELOAD. It puts no functions before those of the C library: code that makes system calls by itself
 * would slip through. A seccomp filter hands every call that can change a disk, or send to a server, to a handler
 * in the process, which names it, numbers it over all threads, and lets it pass or not.
 *
 *   KAIIN_FAULT_ROOT   absolute path of the folder that is watched
 *   KAIIN_FAULT_LOG    file for one line a point: number, call, path in the folder, second path or words sent
 *   KAIIN_FAULT_AT     number of the point to disturb, from 1; none by default. What is sent is not counted here: threads
 *                      send in another order now and then
 *   KAIIN_FAULT_WORDS  disturbs what is sent instead: AT counts what is sent with these words as they are noted
 *   KAIIN_FAULT_DO     kill    ends the process before the call
 *                      half    ends it when half of the bytes are written (after the call where there are none)
 *                      after   ends it after the call
 *                      cut     sends, then closes the connection, so that no answer comes
 *                      ENOSPC, EIO, EACCES   the call fails; on a connection, which is cut, always with ECONNRESET
 *   KAIIN_FAULT_ON     when set, all later points fail as well, but for what gives space back on a full disk
 *   KAIIN_FAULT_SENT   when set, what is sent through sockets is a point as well
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#ifndef __x86_64__
#error "the numbers of system calls are those of x86_64"
#endif

/* Where the paths stand among the arguments of a call. */
enum place { FD, OUT_FD, PATH, FOLDER_PATH, TWO_PATHS, TWO_FOLDER_PATHS };

struct call {
    long number;
    const char *name;
    enum place place;
    int takes_space; /* whether a full disk refuses it */
};

static const struct call CALLS[] = {
    {SYS_open, "open", PATH, 1},
    {SYS_creat, "open", PATH, 1},
    {SYS_openat, "open", FOLDER_PATH, 1},
    {SYS_write, "write", FD, 1},
    {SYS_pwrite64, "write", FD, 1},
    {SYS_writev, "write", FD, 1},
    {SYS_pwritev, "write", FD, 1},
    {SYS_pwritev2, "write", FD, 1},
    {SYS_sendto, "send", FD, 1},
    {SYS_sendmsg, "send", FD, 1},
    {SYS_sendfile, "copy", FD, 1},
    {SYS_copy_file_range, "copy", OUT_FD, 1},
    {SYS_truncate, "truncate", PATH, 1},
    {SYS_ftruncate, "truncate", FD, 1},
    {SYS_fallocate, "fallocate", FD, 1},
    {SYS_fsync, "fsync", FD, 1},
    {SYS_fdatasync, "fsync", FD, 1},
    {SYS_sync_file_range, "fsync", FD, 1},
    {SYS_syncfs, "fsync", FD, 1},
    {SYS_rename, "rename", TWO_PATHS, 1},
    {SYS_renameat, "rename", TWO_FOLDER_PATHS, 1},
    {SYS_renameat2, "rename", TWO_FOLDER_PATHS, 1},
    {SYS_link, "link", TWO_PATHS, 1},
    {SYS_linkat, "link", TWO_FOLDER_PATHS, 1},
    {SYS_symlink, "symlink", TWO_PATHS, 1},
    {SYS_mkdir, "mkdir", PATH, 1},
    {SYS_mkdirat, "mkdir", FOLDER_PATH, 1},
    {SYS_unlink, "unlink", PATH, 0},
    {SYS_unlinkat, "unlink", FOLDER_PATH, 0},
    {SYS_rmdir, "rmdir", PATH, 0},
    {SYS_chmod, "chmod", PATH, 0},
    {SYS_fchmod, "chmod", FD, 0},
    {SYS_fchmodat, "chmod", FOLDER_PATH, 0},
    {SYS_utimensat, "utimens", FOLDER_PATH, 0},
};
enum { N_CALLS = sizeof CALLS / sizeof CALLS[0] };

enum { KILL = -1, HALF = -2, AFTER = -3, CUT = -4 };

static const char *root;
static size_t root_length;
static int log_fd = -1;
static long at;
static int fault; /* one of the above, or the number of an error */
static int stays;
static int counts_sent;
static const char *words; /* NULL where a point on the disk is disturbed */
static atomic_long last_point, last_on_disk, last_of_words;

/* A system call which the filter lets pass, because of where it is made. */
__attribute__((visibility("hidden"))) long raw_call(long number, long a, long b, long c, long d, long e, long f);
__attribute__((visibility("hidden"))) extern const char raw_call_made[];
__asm__(".text\n.hidden raw_call\n.globl raw_call\nraw_call:\n"
        "mov %rdi, %rax\nmov %rsi, %rdi\nmov %rdx, %rsi\nmov %rcx, %rdx\n"
        "mov %r8, %r10\nmov %r9, %r8\nmov 8(%rsp), %r9\nsyscall\n"
        ".hidden raw_call_made\n.globl raw_call_made\nraw_call_made:\nret\n");

static long pass(long number, const long *a) { return raw_call(number, a[0], a[1], a[2], a[3], a[4], a[5]); }

static void end_process(void)
{
    raw_call(SYS_kill, getpid(), SIGKILL, 0, 0, 0, 0);
    for (;;) /* the signal is on its way */
        raw_call(SYS_pause, 0, 0, 0, 0, 0, 0);
}

/* What a link of /proc shows. */
static void read_link(char *out, const char *folder, long fd)
{
    char link[64];
    snprintf(link, sizeof link, folder, fd);
    long length = raw_call(SYS_readlink, (long)link, (long)out, PATH_MAX - 1, 0, 0, 0);
    out[length > 0 ? length : 0] = 0;
}

static void path_at(char *out, long folder, const char *path)
{
    if (path == NULL || path[0] == 0) { /* the call is about the open file itself */
        read_link(out, "/proc/self/fd/%ld", folder);
    } else if (path[0] == '/') {
        snprintf(out, PATH_MAX, "%s", path);
    } else {
        read_link(out, (int)folder == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/%ld", (int)folder);
        size_t length = strlen(out);
        snprintf(out + length, PATH_MAX - length, "/%s", path);
    }
}

static int is_watched(const char *path)
{
    return strncmp(path, root, root_length) == 0 && (path[root_length] == '/' || path[root_length] == 0);
}

/* The part below the watched folder. */
static const char *below(const char *path)
{
    if (!is_watched(path))
        return path;
    return path[root_length] == 0 ? "." : path + root_length + 1;
}

/*
 * What is sent as words, so that a statement can be told from another: the letter of the first message, then the runs of
 * letters behind the name of the prepared statement, without the request for an answer, which may go by itself.
 */
static void words_of(char *out, size_t room, const long *a, long number)
{
    const unsigned char *bytes = (const unsigned char *)a[1];
    size_t length = number == SYS_write || number == SYS_sendto ? (size_t)a[2] : 0, to = 0;
    char all[400];
    for (size_t from = 0; from < length && to + 1 < sizeof all; from++) {
        unsigned char c = bytes[from];
        if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_')
            all[to++] = (char)c;
        else if (to > 0 && all[to - 1] != ' ')
            all[to++] = ' ';
    }
    all[to] = 0;
    static const char name[] = "sqlx_s_ ", sync[] = " S ";
    const char *said = strstr(all, name);
    said = said ? said + strlen(name) : strchr(all, ' ') ? strchr(all, ' ') + 1 : all;
    to = (size_t)snprintf(out, room, "%c %s", all[0] ? all[0] : '?', said);
    if (to < room && to > strlen(sync) && strcmp(out + to - strlen(sync), sync) == 0)
        out[to - strlen(sync)] = 0;
}

/* A message that only asks for an answer to those before it; it goes out with them or by itself, as the threads come. */
static int is_sync_alone(const long *a, long number)
{
    const char *bytes = (const char *)a[1];
    return (number == SYS_write || number == SYS_sendto) && a[2] == 5 && bytes[0] == 'S';
}

static void note(long point, const char *call, const char *first, const char *second)
{
    char line[2 * PATH_MAX + 64];
    int length = snprintf(line, sizeof line, "%ld\t%s\t%s\t%s\n", point, call, first, second);
    if (log_fd >= 0)
        raw_call(SYS_write, log_fd, (long)line, length, 0, 0, 0);
}

/* Whether the call is a point, and what it is about. */
static int is_point(const struct call *call, const long *a, char *first, char *second)
{
    second[0] = 0;
    switch (call->place) {
    case FD:
        read_link(first, "/proc/self/fd/%ld", (int)a[0]);
        if (counts_sent && strncmp(first, "socket:", 7) == 0) {
            strcpy(first, "socket");
            words_of(second, 60, a, call->number);
            return !is_sync_alone(a, call->number);
        }
        break;
    case OUT_FD:
        read_link(first, "/proc/self/fd/%ld", (int)a[2]);
        break;
    case PATH:
        path_at(first, AT_FDCWD, (const char *)a[0]);
        break;
    case FOLDER_PATH:
        path_at(first, a[0], (const char *)a[1]);
        break;
    case TWO_PATHS:
        path_at(first, AT_FDCWD, (const char *)a[0]);
        path_at(second, AT_FDCWD, (const char *)a[1]);
        break;
    case TWO_FOLDER_PATHS:
        path_at(first, a[0], (const char *)a[1]);
        path_at(second, a[2], (const char *)a[3]);
        break;
    }
    if (call->number == SYS_open || call->number == SYS_openat) {
        long flags = call->number == SYS_open ? a[1] : a[2];
        if ((flags & (O_CREAT | O_TRUNC)) == 0 && (flags & O_TMPFILE) != O_TMPFILE)
            return 0;
    }
    return is_watched(first) || is_watched(second);
}

static long disturbed(const struct call *call, long *a, int is_socket)
{
    if (fault == KILL)
        end_process();
    if (fault > 0) {
        if (is_socket)
            raw_call(SYS_shutdown, a[0], SHUT_RDWR, 0, 0, 0, 0);
        return is_socket ? -ECONNRESET : -fault;
    }
    if (fault == HALF && (call->number == SYS_write || call->number == SYS_pwrite64 || call->number == SYS_sendto))
        a[2] /= 2;
    long result = pass(call->number, a);
    if (fault != CUT)
        end_process();
    raw_call(SYS_shutdown, a[0], SHUT_RDWR, 0, 0, 0, 0);
    return result;
}

static long handled(const struct call *call, long *a)
{
    char first[PATH_MAX], second[PATH_MAX];
    if (!is_point(call, a, first, second))
        return pass(call->number, a);
    int is_socket = strcmp(first, "socket") == 0;
    note(atomic_fetch_add(&last_point, 1) + 1, call->name, below(first), is_socket ? second : below(second));
    long point = 0; /* none of those that are counted */
    if (words == NULL && !is_socket)
        point = atomic_fetch_add(&last_on_disk, 1) + 1;
    else if (words != NULL && is_socket && strcmp(second, words) == 0)
        point = atomic_fetch_add(&last_of_words, 1) + 1;
    int is_later = stays && point > at && fault > 0 && (fault != ENOSPC || call->takes_space);
    if (at > 0 && (point == at || is_later))
        return disturbed(call, a, is_socket);
    return pass(call->number, a);
}

static void on_call(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    long a[] = {registers[REG_RDI], registers[REG_RSI], registers[REG_RDX],
                registers[REG_R10], registers[REG_R8],  registers[REG_R9]};
    for (int nth = 0; nth < N_CALLS; nth++)
        if (CALLS[nth].number == info->si_syscall)
            registers[REG_RAX] = handled(&CALLS[nth], a);
}

static void stop(const char *why)
{
    fprintf(stderr, "faults: %s: %s\n", why, strerror(errno));
    _exit(99);
}

/* Traps the calls of the table, from now on and in all threads to come, but for those of raw_call. */
static void install(void)
{
    struct sock_filter code[2 * N_CALLS + 8];
    unsigned short n = 0;
    unsigned long own = (unsigned long)raw_call_made;
    struct sock_filter head[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, instruction_pointer)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)own, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, instruction_pointer) + 4),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)(own >> 32), 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    };
    memcpy(code, head, sizeof head);
    n = sizeof head / sizeof head[0];
    for (int nth = 0; nth < N_CALLS; nth++) {
        code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)CALLS[nth].number, 0, 1);
        code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP);
    }
    code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog program = {n, code};
    struct sigaction action = {0};
    action.sa_sigaction = on_call;
    action.sa_flags = SA_SIGINFO | SA_NODEFER | SA_RESTART;
    if (sigaction(SIGSYS, &action, NULL) != 0)
        stop("no handler");
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        stop("no filter");
}

static int fault_called(const char *name)
{
    static const struct { const char *name; int fault; } FAULTS[] = {
        {"kill", KILL}, {"half", HALF}, {"after", AFTER}, {"cut", CUT},
        {"ENOSPC", ENOSPC}, {"EIO", EIO}, {"EACCES", EACCES},
    };
    for (size_t nth = 0; nth < sizeof FAULTS / sizeof FAULTS[0]; nth++)
        if (strcmp(FAULTS[nth].name, name) == 0)
            return FAULTS[nth].fault;
    errno = EINVAL;
    stop(name);
    return 0;
}

__attribute__((constructor)) static void begin(void)
{
    const char *log = getenv("KAIIN_FAULT_LOG"), *point = getenv("KAIIN_FAULT_AT"), *what = getenv("KAIIN_FAULT_DO");
    root = getenv("KAIIN_FAULT_ROOT");
    if (root == NULL || log == NULL)
        return;
    root_length = strlen(root);
    log_fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log_fd < 0)
        stop(log);
    at = point ? atol(point) : 0;
    fault = what ? fault_called(what) : KILL;
    stays = getenv("KAIIN_FAULT_ON") != NULL;
    words = getenv("KAIIN_FAULT_WORDS");
    counts_sent = getenv("KAIIN_FAULT_SENT") != NULL;
    install();
}
