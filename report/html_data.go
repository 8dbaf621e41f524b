package report

import (
	"bufio"
	"bytes"
	"fmt"
	"slices"

	"tideline/scanner/finding"
)

// How much one data block of the page holds before the next is begun: what the
// browser parses at a time, and what the writer holds of the cold parts.
const (
	findingsPerBlock = 500
	coldPerBlock     = 1 << 20 // bytes
)

// pageData writes what the script reads: JSON in script elements of a type
// that no browser runs. A finding is written in two parts. The hot part is what
// lists, charts and filters need of every finding; the cold part, the raw
// record and what matched in it, is parsed only for the finding that is looked
// at. A block of hot parts is followed by the block of their cold parts, in the
// same order.
type pageData struct {
	w     *bufio.Writer
	json  jsonEncoder
	rules map[string]int // by what their JSON is, the number in order of appearance
	last  numberedRules  // of rules, the number without their JSON
	n     int            // findings in the open block
	cold  bytes.Buffer   // their cold parts
}

func newPageData(w *bufio.Writer) pageData {
	return pageData{w: w, json: jsonEncoder{embed: true}, rules: map[string]int{}, last: numberedRules{}}
}

// A hotFinding is a finding without its cold part: fields of the same JSON name
// take the place of those of the finding, and are left out. Rule is the rule
// where it first occurs, and its number, counted from 0, everywhere else.
type hotFinding struct {
	*finding.Finding
	Rule      any       `json:"rule"`
	Matched   *struct{} `json:"matched,omitempty"`
	Raw       *struct{} `json:"raw,omitempty"`
	RawBase64 *struct{} `json:"raw_base64,omitempty"`
	RawCut    *struct{} `json:"raw_cut,omitempty"`
}

// A coldFinding is the rest.
type coldFinding struct {
	Matched   []finding.Match `json:"matched"`
	Raw       string          `json:"raw"`
	RawBase64 string          `json:"raw_base64,omitempty"`
	RawCut    bool            `json:"raw_cut,omitempty"`
}

// add writes the hot part of f and keeps the cold one for the end of the block.
func (d *pageData) add(f *finding.Finding) error {
	rule, err := d.rule(&f.Rule)
	if err != nil {
		return err
	}
	if d.n == 0 {
		d.w.WriteString(`<script type="application/json" class="findings">[`)
		d.cold.WriteString(`<script type="application/json" class="details">[`)
	} else {
		d.w.WriteString(",\n")
		d.cold.WriteString(",\n")
	}
	text, err := d.encode(hotFinding{Finding: f, Rule: rule})
	if err != nil {
		return err
	}
	d.w.Write(text)
	if text, err = d.encode(coldFinding{f.Matched, f.Raw, f.RawBase64, f.RawCut}); err != nil {
		return err
	}
	d.cold.Write(text)
	if d.n++; d.n == findingsPerBlock || d.cold.Len() >= coldPerBlock {
		return d.end()
	}
	return nil
}

// numberedRules are rules as they were met last, by id and level.
type numberedRules map[[2]string]numberedRule

type numberedRule struct {
	finding.Rule
	n int
}

func (l numberedRules) number(r *finding.Rule) (n int, known bool) {
	x, ok := l[[2]string{r.ID, r.Level}]
	return x.n, ok && x.Title == r.Title && x.Author == r.Author && x.License == r.License && x.Description == r.Description &&
		slices.Equal(x.References, r.References) && slices.Equal(x.FalsePositives, r.FalsePositives)
}

// rule is r itself the first time, then its number.
func (d *pageData) rule(r *finding.Rule) (any, error) {
	if n, known := d.last.number(r); known {
		return n, nil
	}
	text, err := d.encode(r)
	if err != nil {
		return nil, err
	}
	n, known := d.rules[string(text)]
	if !known {
		n = len(d.rules)
		d.rules[string(text)] = n
	}
	d.last[[2]string{r.ID, r.Level}] = numberedRule{*r, n}
	if !known {
		return r, nil
	}
	return n, nil
}

// end closes the open block, if there is one.
func (d *pageData) end() error {
	if d.n == 0 {
		return nil
	}
	d.n = 0
	d.w.WriteString("]</script>\n")
	d.cold.WriteString("]</script>\n")
	_, err := d.cold.WriteTo(d.w)
	return err
}

// overview writes what the script needs besides the findings.
func (d *pageData) overview(o *finding.Overview, view *pageView) error {
	type actor struct {
		ID       string   `json:"id"`
		Name     string   `json:"name"`
		Findings []string `json:"findings"`
	}
	type exposure struct {
		Label    string   `json:"label"`
		Findings []string `json:"findings"`
	}
	data := struct {
		Step     int64             `json:"step"`
		Buckets  []finding.Bucket  `json:"buckets"`
		Quiet    []finding.Silence `json:"quiet"`
		Actors   []actor           `json:"actors"`
		Exposure []exposure        `json:"exposure"`
	}{o.Summary.Timeline.Step, emptyNotNil(o.Summary.Timeline.Buckets), emptyNotNil(o.Coverage.Quiet), []actor{}, []exposure{}}
	for i := range o.Actors {
		a := &o.Actors[i]
		data.Actors = append(data.Actors, actor{a.ID, actorLabel(a), emptyNotNil(a.Findings)})
	}
	for i := range view.Exposure {
		e := &view.Exposure[i]
		data.Exposure = append(data.Exposure, exposure{e.Label, emptyNotNil(e.Findings)})
	}
	text, err := d.encode(data)
	if err != nil {
		return err
	}
	d.w.WriteString(`<script type="application/json" id="overview">`)
	d.w.Write(text)
	_, err = d.w.WriteString("</script>\n")
	return err
}

// encode gives v as JSON that may stand in a script element, valid until the
// next call.
func (d *pageData) encode(v any) ([]byte, error) {
	text, err := d.json.encode(v)
	if err != nil {
		return nil, fmt.Errorf("encode for the page: %w", err)
	}
	return text, nil
}

func emptyNotNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
