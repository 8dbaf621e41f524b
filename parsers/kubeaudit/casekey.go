package kubeaudit

import (
	"bytes"

	"tideline/parsers/internal/jsonfields"
)

// caseVariant is a key near the top of an event that differs in case only from
// one that audit events have: some readers take it for that one, and a writer
// who wants to be misread could use it. Nil if there is none.
func caseVariant(root jsonfields.Value) []byte {
	for key, member := range root.Members {
		for i := range heads {
			keys := heads[i].Keys
			if v := variant(key, keys[0]); v != nil {
				return v
			}
			if len(keys) < 2 || string(key) != keys[0] {
				continue
			}
			for inner := range member.Members {
				if v := variant(inner, keys[1]); v != nil {
					return v
				}
			}
		}
	}
	return nil
}

func variant(key []byte, name string) []byte {
	if len(key) == len(name) && string(key) != name && bytes.EqualFold(key, []byte(name)) {
		return key
	}
	return nil
}
