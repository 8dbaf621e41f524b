package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime/metrics"
	"strings"
	"testing"
)

// flagsAt are the kernel's flags of the memory that holds an address, as
// proc_pid_smaps(5) spells them.
func flagsAt(t *testing.T, address uint64) []string {
	t.Helper()
	file, err := os.Open("/proc/self/smaps")
	if err != nil {
		t.Skip(err)
	}
	defer file.Close()
	inside := false
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		var from, to uint64
		if n, _ := fmt.Sscanf(lines.Text(), "%x-%x ", &from, &to); n == 2 {
			inside = from <= address && address < to
		} else if flags, ok := strings.CutPrefix(lines.Text(), "VmFlags:"); ok && inside {
			return strings.Fields(flags)
		}
	}
	t.Skipf("no flags of %x are told: %v", address, lines.Err())
	return nil
}

var kept []byte // on the heap

func TestTheHeapLiesInLargePages(t *testing.T) {
	if _, err := os.Stat("/sys/kernel/mm/transparent_hugepage"); err != nil {
		t.Skip("this kernel has none")
	}
	largePages()
	kept = make([]byte, wholeMemory/2) // more than any hole below what is advised
	var address uint64
	if _, err := fmt.Sscanf(fmt.Sprintf("%p", kept), "0x%x", &address); err != nil {
		t.Fatal(err)
	}
	if flags := strings.Join(flagsAt(t, address), " "); !strings.Contains(" "+flags+" ", " hg ") {
		t.Errorf("flags of the heap are %s, want hg (madvise huge page) among them", flags)
	}
}

// TestLargePagesTakeNoMemory before they are used: what was made to be advised has gone
// back to the system.
func TestLargePagesTakeNoMemory(t *testing.T) {
	largePages()
	sample := []metrics.Sample{{Name: "/memory/classes/heap/released:bytes"}, {Name: "/memory/classes/heap/free:bytes"}}
	metrics.Read(sample)
	if released, free := sample[0].Value.Uint64(), sample[1].Value.Uint64(); released < wholeMemory/2 || free > wholeMemory/2 {
		t.Errorf("%d MiB are given back and %d MiB are kept idle, of %d MiB", released>>20, free>>20, wholeMemory>>20)
	}
}
