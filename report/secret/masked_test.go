package secret

import (
	"fmt"
	"hash/crc32"
	"strings"
)

// masked is s with each secret in it replaced by [masked:KIND:ID], the ID being the
// same for equal secrets. It is what package report does, without its key.
func masked(s string) string {
	var b strings.Builder
	from := 0
	for _, sp := range Find(s, nil) {
		fmt.Fprintf(&b, "%s[masked:%s:%08x]", s[from:sp.From], sp.Kind, crc32.ChecksumIEEE([]byte(Canonical(sp.Value))))
		from = sp.To
	}
	return b.String() + s[from:]
}
