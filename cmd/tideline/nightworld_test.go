package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"math/rand"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

const nights = 30

// A world is a folder of logs that grows and is rotated.
type world struct {
	t           *testing.T
	random      *rand.Rand
	logs, state string
	kube, audit [][]byte // lines, a share a night
	late        map[int][]byte
	dense       bool // the nights are cuts of one day, through whatever goes on there
}

func newWorld(t *testing.T, seed int64) *world { return worldOf(t, seed, false) }

func worldOf(t *testing.T, seed int64, dense bool) *world {
	t.Helper()
	w := &world{t: t, random: rand.New(rand.NewSource(seed)), logs: t.TempDir(), state: filepath.Join(t.TempDir(), "state"), late: map[int][]byte{}, dense: dense}
	kube, audit := demoFile(t, "sosreport", "kubernetes/audit/audit.log"), demoFile(t, "Collection", "audit/audit.log")
	if dense {
		kube = append(gunzipped(t, demoFile(t, "sosreport", "12-00-00.000.log.gz")), kube...)
		audit = append(demoFile(t, "Collection", "audit/audit.log.1"), audit...)
	}
	w.kube, w.audit = w.shares(kube), w.shares(audit)
	return w
}

// shares cuts a log between lines, at random.
func (w *world) shares(log []byte) [][]byte {
	lines := bytes.SplitAfter(log, []byte("\n"))
	out := make([][]byte, nights)
	n, cuts := 0, w.cuts(len(lines))
	for i, line := range lines {
		for n < len(cuts) && i >= cuts[n] {
			n++
		}
		if w.random.Intn(50) == 0 && n+1 < nights {
			continue // a line nobody delivered
		}
		if !w.dense {
			line = later(line, n)
		}
		out[n] = append(out[n], line...)
	}
	return out
}

// cuts are the numbers of the lines before which a night ends. Of a dense
// month, most are within the hour in which the demo is attacked.
func (w *world) cuts(lines int) []int {
	var out []int
	for n := 1; n < nights; n++ {
		switch {
		case !w.dense:
			out = append(out, (n*lines+nights-1)/nights)
		case n%5 == 0:
			out = append(out, w.random.Intn(lines))
		default:
			out = append(out, lines*56/100+w.random.Intn(lines*5/100))
		}
	}
	slices.Sort(out)
	return out
}

var (
	kubeTime  = regexp.MustCompile(`20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d`)
	auditTime = regexp.MustCompile(`audit\((\d{10})`)
)

// later moves the times of a line by days.
func later(line []byte, days int) []byte {
	line = kubeTime.ReplaceAllFunc(line, func(b []byte) []byte {
		t, err := time.Parse("2006-01-02T15:04:05", string(b))
		if err != nil {
			return b
		}
		return t.AddDate(0, 0, days).AppendFormat(nil, "2006-01-02T15:04:05")
	})
	return auditTime.ReplaceAllFunc(line, func(b []byte) []byte {
		n, err := strconv.ParseInt(string(b[len("audit("):]), 10, 64)
		if err != nil {
			return b
		}
		return strconv.AppendInt([]byte("audit("), n+int64(days)*86400, 10)
	})
}

// play does what happens to the logs in one day.
func (w *world) play(night int) {
	kube, audit := w.path("kube/audit.log"), w.path("node=worker2/audit.log")
	switch w.random.Intn(4) {
	case 0: // written on the same file
	case 1: // grows, is rotated, and goes on
		half := len(w.kube[night]) / 2
		half += bytes.IndexByte(w.kube[night][half:], '\n') + 1
		w.write(kube, w.kube[night][:half])
		w.kube[night] = w.kube[night][half:]
		w.rotate(kube, night)
	default:
		w.rotate(kube, night)
	}
	w.write(kube, w.kube[night])
	if night%3 == 0 {
		w.copyTruncate(audit, night)
	}
	w.write(audit, w.audit[night])
	if night%7 == 2 { // another node's log arrives ten nights late
		w.late[night+10] = bytes.ReplaceAll(w.kube[night], []byte("sourceIPs\":[\"10."), []byte("sourceIPs\":[\"11."))
	}
	if log := w.late[night]; log != nil {
		w.write(w.path(fmt.Sprintf("other/audit-%d.log", night)), log)
	}
}

func (w *world) path(name string) string {
	p := filepath.Join(w.logs, name)
	w.must(os.MkdirAll(filepath.Dir(p), 0o755))
	return p
}

func (w *world) must(err error) {
	if err != nil {
		w.t.Helper()
		w.t.Fatal(err)
	}
}

func (w *world) write(name string, b []byte) {
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	w.must(err)
	_, err = f.Write(b)
	w.must(err)
	w.must(f.Close())
}

// rotate renames log to log.1, log.1 to log.2 and packs that.
func (w *world) rotate(name string, night int) {
	for n := night + 1; n >= 2; n-- {
		from := fmt.Sprintf("%s.%d.gz", name, n)
		if _, err := os.Stat(from); err == nil {
			w.must(os.Rename(from, fmt.Sprintf("%s.%d.gz", name, n+1)))
		}
	}
	if b, err := os.ReadFile(name + ".1"); err == nil {
		var packed bytes.Buffer
		zw := gzip.NewWriter(&packed)
		_, err = zw.Write(b)
		w.must(err)
		w.must(zw.Close())
		w.must(os.WriteFile(name+".2.gz", packed.Bytes(), 0o644))
		w.must(os.Remove(name + ".1"))
	}
	if err := os.Rename(name, name+".1"); err != nil && night > 0 {
		w.t.Fatal(err)
	}
}

// copyTruncate copies log away under a dated name and empties it.
func (w *world) copyTruncate(name string, night int) {
	b, err := os.ReadFile(name)
	if err != nil {
		return // the first night
	}
	w.must(os.WriteFile(fmt.Sprintf("%s-202603%02d", name, night+1), b, 0o644))
	w.must(os.Truncate(name, 0))
}

// demoFile reads a log out of an archive of fixtures/demo.
func demoFile(t *testing.T, archive, suffix string) []byte {
	t.Helper()
	names, err := filepath.Glob("../../fixtures/demo/" + archive + "*")
	if err != nil || len(names) != 1 {
		t.Fatalf("%s: %v, %v", archive, names, err)
	}
	if strings.HasSuffix(names[0], ".zip") {
		return zipMember(t, names[0], suffix)
	}
	f, err := os.Open(names[0])
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	zr, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	for tr := tar.NewReader(zr); ; {
		h, err := tr.Next()
		if err != nil {
			t.Fatalf("%s: %v", suffix, err)
		}
		if strings.HasSuffix(h.Name, suffix) {
			b, err := io.ReadAll(tr)
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
	}
}

func zipMember(t *testing.T, name, suffix string) []byte {
	t.Helper()
	z, err := zip.OpenReader(name)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	for _, m := range z.File {
		if !strings.HasSuffix(m.Name, suffix) {
			continue
		}
		f, err := m.Open()
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		b, err := io.ReadAll(f)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	t.Fatalf("no %s in %s", suffix, name)
	return nil
}
