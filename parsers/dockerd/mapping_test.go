package dockerd

import "testing"

// TestFieldsHaveAMeaning: what is looked up in a way of its own is in the table, and not
// only as any other key; level and message are keys, in each spelling of a line.
func TestFieldsHaveAMeaning(t *testing.T) {
	named := map[string]bool{}
	for _, kind := range Format.Kinds {
		for _, field := range Format.Named(kind.Name) {
			named[field] = true
		}
	}
	for field := range lookups {
		if !named[field] && lookups[field] != byMessage && lookups[field] != byLevel {
			t.Errorf("the table lacks %s", field)
		}
	}
}
