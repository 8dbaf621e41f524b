package sigma

import (
	"maps"
	"slices"
	"strings"
)

// Levels and statuses that Sigma defines, in its order.
var (
	levels   = []string{"informational", "low", "medium", "high", "critical"}
	statuses = []string{"stable", "test", "experimental", "deprecated", "unsupported"}
)

// headerTexts are the header keys that hold one text.
var headerTexts = map[string]func(*Header) *string{
	"id":          func(h *Header) *string { return &h.ID },
	"title":       func(h *Header) *string { return &h.Title },
	"name":        func(h *Header) *string { return &h.Name },
	"description": func(h *Header) *string { return &h.Description },
	"status":      func(h *Header) *string { return &h.Status },
	"level":       func(h *Header) *string { return &h.Level },
	"author":      func(h *Header) *string { return &h.Author },
	"license":     func(h *Header) *string { return &h.License },
	"date":        func(h *Header) *string { return &h.Date },
	"modified":    func(h *Header) *string { return &h.Modified },
	"taxonomy":    func(h *Header) *string { return &h.Taxonomy },
}

// headerLists are the header keys that hold a list of texts.
var headerLists = map[string]func(*Header) *[]string{
	"references":     func(h *Header) *[]string { return &h.References },
	"tags":           func(h *Header) *[]string { return &h.Tags },
	"falsepositives": func(h *Header) *[]string { return &h.FalsePositives },
	"fields":         func(h *Header) *[]string { return &h.Fields },
	"scope":          func(h *Header) *[]string { return &h.Scope },
}

// headerKeys are all header keys, in any order.
func headerKeys() []string {
	keys := []string{"related"}
	keys = slices.AppendSeq(keys, maps.Keys(headerTexts))
	return slices.AppendSeq(keys, maps.Keys(headerLists))
}

// header reads what all kinds of documents have in common. Keys named in own
// belong to the kind; what nobody knows is kept as custom.
func (p *parser) header(d *node, own ...string) (Header, error) {
	h := Header{Path: p.path, Line: d.line, digest: p.arena.digest(d)}
	for i, k := range d.keys {
		item := d.items[i]
		switch text, many := headerTexts[k.text], headerLists[k.text]; {
		case text != nil:
			*text(&h) = strings.Join(item.texts(), ", ")
		case many != nil:
			*many(&h) = item.texts()
		case k.text == "related":
			h.Related = readRelated(item)
		case !slices.Contains(own, k.text):
			h.addCustom(k, item)
		}
	}
	if err := p.checkHeader(&h, d); err != nil {
		return h, err
	}
	p.misspelled(&h, own)
	return h, nil
}

func (h *Header) addCustom(k, item *node) {
	if h.Custom == nil {
		h.Custom, h.CustomLines = map[string]any{}, map[string]int{}
	}
	h.Custom[k.text], h.CustomLines[k.text] = item.value(), k.line
	for _, below := range item.keys {
		h.CustomLines[k.text+"."+below.text] = below.line
	}
}

// misspelled warns of custom keys that were probably meant to be Sigma's own: a rule
// with a levl: is one of medium level, and nothing else would say so.
func (p *parser) misspelled(h *Header, own []string) {
	if len(h.Custom) == 0 {
		return
	}
	known := append(headerKeys(), own...)
	slices.Sort(known)
	for _, key := range sorted(h.Custom) {
		if meant := suggest(key, known); meant != "" && len(key) > 3 {
			p.warn(h.Title, fault(h.CustomLines[key], strings.TrimPrefix(meant, "; "), "Sigma has no key %s, so it says nothing here", quote(key)))
		}
	}
}

func (p *parser) checkHeader(h *Header, d *node) error {
	h.Level, h.Status = strings.ToLower(h.Level), strings.ToLower(h.Status)
	if strings.TrimSpace(h.Title) == "" {
		return fault(d.line, "add `title:`, a short text that says what the rule finds", "the document has no title")
	}
	if h.Level != "" && !slices.Contains(levels, h.Level) {
		return fault(d.get("level").line, "use "+strings.Join(levels, ", ")+suggest(h.Level, levels), "unknown level %s", quote(h.Level))
	}
	if h.Status != "" && !slices.Contains(statuses, h.Status) {
		p.warn(h.Title, fault(d.get("status").line, "use "+strings.Join(statuses, ", ")+suggest(h.Status, statuses), "unknown status %s", quote(h.Status)))
	}
	if h.Status == "deprecated" || h.Status == "unsupported" {
		p.warn(h.Title, fault(d.get("status").line, "see whether another rule has taken its place"+replacedBy(h), "the rule is %s by its author; it is run all the same", h.Status))
	}
	if h.ID != "" && !isUUID(h.ID) {
		p.warn(h.Title, fault(d.get("id").line, "give the rule a UUID of its own", "id %s is not a UUID", quote(h.ID)))
	}
	return nil
}

// replacedBy names the documents that h calls related.
func replacedBy(h *Header) string {
	var ids []string
	for _, id := range h.Related {
		ids = append(ids, quote(id))
	}
	if len(ids) == 0 {
		return ""
	}
	return ": related are " + strings.Join(ids[:min(len(ids), 8)], ", ")
}

// texts are the scalars of n: itself, or the members of a list.
func (n *node) texts() []string {
	switch {
	case n.isNull():
		return nil
	case n.kind == scalar:
		return []string{n.text}
	}
	var out []string
	for _, it := range n.items {
		out = append(out, it.texts()...)
	}
	return out
}

// readRelated are the ids of a list of rules, whatever each has to do with the one at hand.
func readRelated(n *node) []string {
	var out []string
	for _, it := range n.items {
		if id := it.get("id"); id != nil {
			out = append(out, id.text)
		}
	}
	return out
}

// isUUID reports whether s has the textual form of RFC 9562 section 4.
func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (s[i] == '-') || !dash && !strings.ContainsRune("0123456789abcdefABCDEF", rune(s[i])) {
			return false
		}
	}
	return true
}

// suggest says which of known was probably meant by word, or nothing.
func suggest(word string, known []string) string {
	best, least := "", 3
	for _, k := range known {
		if d := len(word) - len(k); d >= least || -d >= least {
			continue // they differ by as many letters at least
		}
		if d := distance(word, k); d < least && d < len(k) {
			best, least = k, d
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}

// distance is the Levenshtein distance of two short words.
func distance(a, b string) int {
	if len(a) > 32 || len(b) > 32 {
		return 64
	}
	row := make([]int, 33)[:len(b)+1] // on the stack
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			next := min(row[j+1]+1, row[j]+1, diagonal+cost)
			diagonal, row[j+1] = row[j+1], next
		}
	}
	return row[len(b)]
}
