package words

import (
	"bytes"
	"strings"
	"testing"
)

func FuzzText(f *testing.F) {
	f.Add("a line | of a log", " | ")
	f.Add("audit(audit)audit(1", "audit(")
	f.Add("((((", "((")
	f.Add("", "x")
	f.Add("xx", "xxx")
	f.Fuzz(func(t *testing.T, line, text string) {
		if text == "" {
			return
		}
		x := NewText(text)
		if got, want := x.Index([]byte(line)), strings.Index(line, text); got != want {
			t.Errorf("%q in %q: %d, want %d", text, line, got, want)
		}
	})
}

func BenchmarkText(b *testing.B) {
	line := []byte(strings.Repeat("a line of a log with many words and no bar ", 4))
	bar := NewText(" | ")
	for name, index := range map[string]func() int{
		"rare byte": func() int { return bar.Index(line) },
		"bytes":     func() int { return bytes.Index(line, []byte(" | ")) },
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(line)))
			for b.Loop() {
				if index() != -1 {
					b.Fatal("found")
				}
			}
		})
	}
}
