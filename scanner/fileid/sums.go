package fileid

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"os"
)

// EndBytes is how much of each end of a file is compared before it is taken
// for one that is known.
const EndBytes = 4096

// Prefixes hash what is written to them, and keep the digests of its beginnings.
type Prefixes struct {
	hash   hash.Hash
	length int64
	at     []int64 // lengths to come, ascending
	sums   map[int64]string
}

// NewPrefixes are for the beginnings of the lengths at, ascending.
func NewPrefixes(at ...int64) *Prefixes { return &Prefixes{hash: sha256.New(), at: at} }

// GoOn are Prefixes of what goes on behind so many bytes, of which sum is the digest.
func GoOn(sum hash.Hash, length int64, at ...int64) *Prefixes {
	return &Prefixes{hash: sum, length: length, at: at}
}

// Write implements io.Writer.
func (w *Prefixes) Write(b []byte) (int, error) {
	all := len(b)
	for len(w.at) > 0 && w.at[0] <= w.length+int64(len(b)) {
		n := w.at[0] - w.length
		w.hash.Write(b[:n])
		w.length, b = w.at[0], b[n:]
		if w.sums == nil {
			w.sums = map[int64]string{}
		}
		w.sums[w.at[0]] = w.Sum()
		w.at = w.at[1:]
	}
	w.hash.Write(b)
	w.length += int64(len(b))
	return all, nil
}

// Length is how much was written, with what came before.
func (w *Prefixes) Length() int64 { return w.length }

// Sum is the digest of all of that.
func (w *Prefixes) Sum() string { return hex.EncodeToString(w.hash.Sum(nil)) }

// Hash is to be gone on with.
func (w *Prefixes) Hash() hash.Hash { return w.hash }

// Sums are the digests of the beginnings that were written as a whole, by length.
func (w *Prefixes) Sums() map[int64]string { return w.sums }

// Ends hashes the first and the last bytes of the first size bytes of a file.
func Ends(name string, size int64) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", fmt.Errorf("look at the ends of %q: %w", name, err)
	}
	defer f.Close() // read only: nothing can be lost
	part := min(size, EndBytes)
	b := make([]byte, 2*part)
	if _, err := f.ReadAt(b[:part], 0); err != nil && part > 0 {
		return "", fmt.Errorf("look at the ends of %q: %w", name, err)
	}
	if _, err := f.ReadAt(b[part:], size-part); err != nil && part > 0 {
		return "", fmt.Errorf("look at the ends of %q: %w", name, err)
	}
	return Sum(b), nil
}

// File is the digest of a file as it is stored.
func File(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close() // read only: nothing can be lost
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// Sum is the digest of bytes.
func Sum(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
