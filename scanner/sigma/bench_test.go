package sigma_test

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"tideline/scanner/sigma"
)

// The events that benchmarks match: ordinary ones, as nearly all are.
var (
	processEvent = map[string]any{
		"Image": "/usr/bin/python3.11", "CommandLine": "/usr/bin/python3.11 -m http.handler --bind 127.0.0.1 --directory /var/lib/app/static",
		"ParentImage": "/usr/lib/systemd/systemd", "ParentCommandLine": "/usr/lib/systemd/systemd --system --deserialize 31",
		"User": "www-data", "CurrentDirectory": "/var/lib/app", "LogonId": "33", "ProcessId": "4711",
	}
	execveEvent = map[string]any{
		"type": "EXECVE", "argc": "4", "a0": "ls", "a1": "-la", "a2": "--color=auto", "a3": "/var/lib/app/static",
		"exe": "/usr/bin/ls", "comm": "ls", "key": "exec", "auid": "1000", "uid": "0", "euid": "0", "pid": "811", "SYSCALL": "execve", "success": "yes",
	}
	kubernetesEvent = map[string]any{
		"verb": "get", "objectRef.resource": "leases", "objectRef.apiGroup": "coordination.k8s.io", "objectRef.namespace": "kube-node-lease",
		"objectRef.name": "node-17", "responseStatus.code": "200", "userAgent": "kubelet/v1.31.2 (linux/amd64) kubernetes/5864a46",
		"requestURI": "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/node-17?timeout=10s", "apiGroup": "coordination.k8s.io",
	}
)

// benchMatch matches one event against the rules of some folders.
func benchMatch(b *testing.B, rules int, fields map[string]any, dirs ...string) {
	set, _ := sigma.Compile(publicRules(b, dirs...), sigma.Options{})
	m := set.Matcher()
	if n := len(m.Rules()); n != rules {
		b.Fatalf("%d rules, want %d", n, rules)
	}
	sc, ev := m.NewScratch(), newEvent(set, fields)
	size := 0
	for _, v := range ev.keywords {
		size += len(v)
	}
	dst := m.Match(nil, ev, sc)
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		dst = m.Match(dst[:0], ev, sc)
	}
	b.ReportMetric(float64(len(dst)), "hits")
}

func BenchmarkMatchProcess144(b *testing.B) {
	benchMatch(b, 144, processEvent, "linux_process_creation")
}
func BenchmarkMatchAuditd54(b *testing.B) { benchMatch(b, 54, execveEvent, "linux_auditd") }
func BenchmarkMatchKubernetes16(b *testing.B) {
	benchMatch(b, 16, kubernetesEvent, "kubernetes_audit")
}

// BenchmarkMatchAlike144 is BenchmarkMatchProcess144 for events of which one was
// met before.
func BenchmarkMatchAlike144(b *testing.B) {
	set, _ := sigma.Compile(publicRules(b, "linux_process_creation"), sigma.Options{})
	m := set.Matcher()
	sc, ev := m.NewScratch(), newEvent(set, processEvent)
	var dst []int
	b.ReportAllocs()
	for b.Loop() {
		dst = m.MatchAlike(dst[:0], ev, 512, sigma.Akin{}, sc)
	}
}

func BenchmarkMatchAll264(b *testing.B) {
	both := map[string]any{}
	for _, e := range []map[string]any{processEvent, execveEvent, kubernetesEvent} {
		maps.Copy(both, e)
	}
	benchMatch(b, 264, both, "linux_*", "kubernetes_audit")
}

// BenchmarkLoad3700 parses, compiles and indexes the public rules over and
// over, each copy with ids of its own.
func BenchmarkLoad3700(b *testing.B) {
	texts := loadTexts(b)
	size := 0
	for _, t := range texts {
		size += len(t)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		all := &sigma.Collection{}
		for i, t := range texts {
			all.Merge(sigma.Parse(fmt.Sprint(i), t))
		}
		set, _ := sigma.Compile(all, sigma.Options{})
		if n := len(set.Matcher().Rules()); n < 3700 {
			b.Fatalf("%d rules", n)
		}
	}
}

// loadTexts returns the public rules again and again, each time with other ids.
func loadTexts(b *testing.B) [][]byte {
	files, err := filepath.Glob(filepath.Join(shared(b), "rules", "*", "*.yml"))
	if err != nil {
		b.Fatal(err)
	}
	var texts [][]byte
	for len(texts) < 3700 {
		for _, f := range files {
			data, err := os.ReadFile(f)
			if err != nil {
				b.Fatal(err)
			}
			if at := bytes.Index(data, []byte("\nid: ")); at >= 0 {
				copy(data[at+len("\nid: "):], fmt.Sprintf("%08x", len(texts)))
			}
			texts = append(texts, data)
		}
	}
	return texts
}
