package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime/metrics"
	"strings"
	"testing"
)

// advised is how much memory of this process has the kernel's flag of large pages, in KiB
// (proc_pid_smaps(5)).
func advised(t *testing.T) (size int) {
	t.Helper()
	file, err := os.Open("/proc/self/smaps")
	if err != nil {
		t.Skip(err)
	}
	defer file.Close()
	lines, last := bufio.NewScanner(file), 0
	for lines.Scan() {
		if n, _ := fmt.Sscanf(lines.Text(), "Size: %d kB", &last); n == 1 {
			continue
		}
		if flags, ok := strings.CutPrefix(lines.Text(), "VmFlags:"); ok && strings.Contains(flags+" ", " hg ") {
			size += last
		}
	}
	return size
}

func TestTheHeapLiesInLargePages(t *testing.T) {
	if _, err := os.Stat("/sys/kernel/mm/transparent_hugepage"); err != nil {
		t.Skip("this kernel has none")
	}
	largePages()
	if got := advised(t); got < largeMemory>>10 {
		t.Errorf("%d KiB are to have large pages, want %d", got, largeMemory>>10)
	}
}

// TestLargePagesTakeNoMemory before they are used: what was made to be advised has gone
// back to the system.
func TestLargePagesTakeNoMemory(t *testing.T) {
	largePages()
	sample := []metrics.Sample{{Name: "/memory/classes/heap/released:bytes"}, {Name: "/memory/classes/heap/free:bytes"}}
	metrics.Read(sample)
	if released, free := sample[0].Value.Uint64(), sample[1].Value.Uint64(); released < largeMemory/2 || free > largeMemory/2 {
		t.Errorf("%d MiB are given back and %d MiB are kept idle, of %d MiB", released>>20, free>>20, largeMemory>>20)
	}
}

func TestSmallPagesAreTheLastWord(t *testing.T) {
	status := func() string {
		text, err := os.ReadFile("/proc/self/status")
		if err != nil {
			t.Skip(err)
		}
		_, rest, ok := strings.Cut(string(text), "\nTHP_enabled:\t")
		if !ok {
			t.Skip("this kernel does not tell")
		}
		return rest[:1]
	}
	largePages()
	if smallPages(); status() != "0" {
		t.Errorf("large pages are given: %s", status())
	}
}
