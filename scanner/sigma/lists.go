package sigma

import "errors"

// ParseLists reads value lists for the modifier expand from YAML: a map of
// placeholder name to a value or a list of values; of several documents, the values of
// one name are put together. What it returns fits Options.Placeholders. Path is used in
// messages only; an error is a *Problem.
func ParseLists(path string, data []byte) (map[string][]string, error) {
	lists, err := readLists(data)
	if err != nil {
		var p *Problem
		if !errors.As(err, &p) {
			p = &Problem{Reason: err.Error()}
		}
		p.Path = path
		return nil, p
	}
	return lists, nil
}

// readLists is ParseLists with problems that do not name the file.
func readLists(data []byte) (map[string][]string, error) {
	const form = "write `name: [value, value]`, one line per placeholder"
	if len(data) > MaxFileBytes {
		return nil, fault(0, "split the file", "%d bytes, more than the %d that a file may have", len(data), MaxFileBytes)
	}
	docs, err := documents(data, new(arena))
	if err != nil {
		return nil, err
	}
	lists := map[string][]string{}
	for _, d := range docs {
		if d.kind != mapping {
			return nil, fault(d.line, form, "the value lists are not a map")
		}
		for i, k := range d.keys {
			for _, it := range append(d.items[i].items, d.items[i]) {
				if it.kind == mapping || it.kind == list && it != d.items[i] {
					return nil, fault(it.line, form, "list %s holds something that is not a value", quote(k.text))
				}
			}
			lists[k.text] = append(append([]string{}, lists[k.text]...), d.items[i].texts()...) // as those of several files
		}
	}
	return lists, nil
}
