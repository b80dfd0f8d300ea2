package dev.holdfast.agent.files;

/**
 * The system calls in use, by number on x86-64 and on the processors with the generic table (aarch64, riscv64). Numbers instead
 * of C library functions: one native method to set up instead of forty (that is start-up time), and no dependence on the C
 * library's age ({@code mknodat} is a function only since glibc 2.33, and musl lacks others).
 */
enum SystemCall {
    CLOSE(3, 57),
    LSEEK(8, 62),
    PREAD(17, 67),
    PWRITE(18, 68),
    FLOCK(73, 32),
    FSYNC(74, 82),
    FTRUNCATE(77, 46),
    FCHMOD(91, 52),
    LSETXATTR(189, 6),
    FSETXATTR(190, 7),
    LGETXATTR(192, 9),
    FGETXATTR(193, 10),
    LLISTXATTR(195, 12),
    FLISTXATTR(196, 13),
    LREMOVEXATTR(198, 15),
    FREMOVEXATTR(199, 16),
    SETPRIORITY(141, 140),
    GETDENTS(217, 61),
    IOPRIO_SET(251, 30),
    OPENAT(257, 56),
    MKDIRAT(258, 34),
    MKNODAT(259, 33),
    FCHOWNAT(260, 54),
    UNLINKAT(263, 35),
    LINKAT(265, 37),
    SYMLINKAT(266, 36),
    READLINKAT(267, 78),
    FCHMODAT(268, 53),
    SYNC_FILE_RANGE(277, 84),
    UTIMENSAT(280, 88),
    FALLOCATE(285, 47),
    SYNCFS(306, 267),
    RENAMEAT2(316, 276),
    STATX(332, 291);

    private final int x86;
    private final int generic;

    SystemCall(int x86, int generic) {
        this.x86 = x86;
        this.generic = generic;
    }

    int number(boolean onX86) {
        return onX86 ? x86 : generic;
    }
}
