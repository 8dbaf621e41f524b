package words

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
)

// compare demands that a set finds what bytes.Contains does.
func compare(t *testing.T, texts []string, b []byte) {
	t.Helper()
	s := New(texts...)
	want := Mask(0)
	for i, text := range texts {
		if bytes.Contains(b, []byte(text)) {
			want |= 1 << i
		}
	}
	if got := s.Find(b); got != want {
		t.Errorf("%q in %q: %b, want %b", texts, b, got, want)
	}
	if s.In(b) != (want != 0) {
		t.Errorf("%q in %q: %v", texts, b, !(want != 0))
	}
}

func TestFind(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	text := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = "ab\"Z"[random.IntN(4)]
		}
		return string(b)
	}
	for range 20_000 {
		var texts []string
		for range 1 + random.IntN(5) {
			texts = append(texts, text(2+random.IntN(5)))
		}
		compare(t, texts, []byte(text(random.IntN(40))))
	}
}

// TestFindAtEveryPlace: a text is found wherever it stands, whatever it stands beside.
func TestFindAtEveryPlace(t *testing.T) {
	texts := []string{"auditID", "protoPayload", `"ID"`, `\u`, "udit"}
	for n := range 30 {
		for _, text := range texts {
			compare(t, texts, []byte(strings.Repeat("a", n)+text))
			compare(t, texts, []byte(strings.Repeat("a", n)+text+"u"))
			compare(t, texts, []byte(strings.Repeat(text[:1], n)+text[:len(text)-1]))
			compare(t, texts, []byte(text+strings.Repeat("i", n)+text[1:]))
		}
	}
	compare(t, texts, nil)
}

func FuzzFind(f *testing.F) {
	f.Add("audit", "ID", []byte("an auditID of it"))
	f.Fuzz(func(t *testing.T, one, other string, b []byte) {
		if len(one) >= 2 && len(other) >= 2 {
			compare(t, []string{one, other, one}, b)
		}
	})
}

func BenchmarkFind(b *testing.B) {
	s := New("auditID", "protoPayload", "objectRef", "audit.k8s.io", `"status"`, "container_id", "_AUDIT_TYPE", `\u`)
	line := []byte(`{"ts": "2026-03-10T00:00:01.340Z", "level": "debug", "logger": "billing.invoice", "msg": "order saved for a customer of the shop", "took": 9386, "ctx": {"user": "una", "tags": ["new", "paid"]}}`)
	b.SetBytes(int64(len(line)))
	for b.Loop() {
		if s.Find(line) != 0 {
			b.Fatal("found")
		}
	}
}
