package main

import (
	"runtime/debug"
	"syscall"
)

// largePages asks Linux for pages of 2 MiB where most of the heap will lie. Each page that is
// touched for the first time makes the system step in, and a scan of any size touches most of
// them: seventeen thousand pages of 4 KiB, which is a tenth of the CPU of a scan of 1 GiB on a
// virtual machine where one takes 12 microseconds. Go asks for large pages nowhere (its
// runtime/mem_linux.go, Go 1.26), and where transparent_hugepage is set to madvise, as
// distributions set it, who does not ask gets none.
//
// The advice is kept for the addresses, whatever they hold later. So the heap is made that
// large once, advised, and given back; nothing of it is touched, and nothing has to be
// undone where the system does not know large pages or has none to give.
//
// It collects garbage, so it comes before tuneGarbage, which waits for the first collection.
func largePages() {
	percent := debug.SetGCPercent(-1)
	advise(largeMemory)
	debug.FreeOSMemory()
	debug.SetGCPercent(percent)
}

const largeMemory = 48 << 20 // bytes

func advise(bytes int) {
	heap := make([]byte, bytes)
	_ = syscall.Madvise(heap, syscall.MADV_HUGEPAGE) // refused: pages are as small as they were
}

// smallPages ends that. Where memory is short Go gives back pages that it does not need for
// now, and the kernel fills the holes in large pages up again (khugepaged): without this a
// scan of 100,000 findings took 98 MiB instead of 92.
func smallPages() {
	_, _, _ = syscall.RawSyscall6(syscall.SYS_PRCTL, thpDisable, 1, 0, 0, 0, 0) // refused: there are none
}

const thpDisable = 41 // PR_SET_THP_DISABLE of prctl(2)
