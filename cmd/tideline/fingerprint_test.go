package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestFingerprintsAreOneWhateverTheCommand: who looks for a masked secret of a report
// with another command finds it under the same fingerprint, with a key or without.
func TestFingerprintsAreOneWhateverTheCommand(t *testing.T) {
	log := filepath.Join(t.TempDir(), "password=Sup3rS3cretXY")
	event := strings.NewReplacer(`"userAgent":"`, `"userAgent":"x --token=Sup3rS3cretXY `, `"username":"`, `"username":"x password=Sup3rS3cretXY `).Replace(kubeEvent)
	if err := os.WriteFile(log, []byte(event+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	mask := regexp.MustCompile(`\[masked:[a-z-]+:([0-9a-f]+)\]`)
	seen := map[string]string{}
	for _, key := range []string{"", "ours"} {
		t.Setenv(fingerprintKey, key)
		prints := map[string]bool{}
		for _, command := range [][]string{{"scan", "-q", "--min-level", "informational"}, {"search", "-q", "Sup3rS3cretXY"}, {"exposure", "-q", "--min-level", "informational"}, {"principals", "-q"}, {"inventory", "-q"}} {
			_, out, errs := tideline(append(command, log)...)
			list := mask.FindAllStringSubmatch(out, -1)
			if len(list) == 0 && command[0] != "exposure" || strings.Contains(out+errs, "Sup3rS3cretXY") {
				t.Errorf("%s: %s%s", command, out, errs)
			}
			for _, m := range list {
				prints[m[1]] = true
			}
		}
		if len(prints) != 1 {
			t.Errorf("key %q: fingerprints %v", key, prints)
		}
		for p := range prints {
			if other, ok := seen[p]; ok {
				t.Errorf("the same fingerprint with keys %q and %q", other, key)
			}
			seen[p] = key
		}
	}
}
