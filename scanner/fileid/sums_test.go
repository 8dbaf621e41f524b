package fileid

import "testing"

func TestPrefixSumsDoNotDependOnTheWrites(t *testing.T) {
	content := []byte("the quick brown fox")
	for size := 1; size <= len(content); size++ {
		w := NewPrefixes(3, 9, int64(len(content)))
		for at := 0; at < len(content); at += size {
			w.Write(content[at:min(at+size, len(content))])
		}
		for _, n := range []int64{3, 9, int64(len(content))} {
			if w.Sums()[n] != Sum(content[:n]) {
				t.Errorf("writes of %d: wrong digest of the first %d", size, n)
			}
		}
	}
}
