package parsertest

import (
	"os"
	"path/filepath"
	"testing"
)

// FindShared is the folder that may stand beside the checkout, or above it, with the
// corpus of real logs and the public rules; "" if it is not here. The variable
// TIDELINE_SHARED names it where it is elsewhere.
func FindShared() string {
	if dir := os.Getenv("TIDELINE_SHARED"); dir != "" {
		return dir
	}
	for up, err := os.Getwd(); err == nil && up != filepath.Dir(up); up = filepath.Dir(up) {
		dir := filepath.Join(up, "shared")
		if info, err := os.Stat(filepath.Join(dir, "corpus")); err == nil && info.IsDir() {
			return dir
		}
	}
	return ""
}

// Shared is FindShared for a test that cannot do without: it is skipped where the
// folder is not.
func Shared(t testing.TB) string {
	t.Helper()
	dir := FindShared()
	if dir == "" {
		t.Skip("no folder shared with real logs beside the checkout")
	}
	return dir
}

// Corpus is the folder of real logs; a test is skipped where it is not.
func Corpus(t testing.TB) string {
	t.Helper()
	return filepath.Join(Shared(t), "corpus")
}
