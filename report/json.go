package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"tideline/scanner/finding"
)

// jsonWriter writes one document: schema tideline.report/1. What is short is
// indented, each finding and each entry of the ledger stands on a line of its
// own, so that the document can be read, compared line by line, and written
// without holding them.
type jsonWriter struct {
	maskCount
	w        io.Writer
	mask     *Redactor
	enc      jsonEncoder
	overview *finding.Overview
	written  int64
}

// newJSON writes the whole report to w as one JSON document.
func newJSON(w io.Writer, o Options) Writer { return &jsonWriter{w: w, mask: NewRedactor(o)} }

func (j *jsonWriter) Begin(o *finding.Overview) error {
	j.overview = normalOverview(j.mask.Overview(o))
	if _, err := fmt.Fprintf(j.w, "{\"schema\":%q", finding.ReportSchema); err != nil {
		return err
	}
	if err := j.member("summary", j.overview.Summary); err != nil {
		return err
	}
	if j.overview.News != nil {
		if err := j.member("news", j.overview.News); err != nil {
			return err
		}
	}
	if err := list(j, "actors", j.overview.Actors); err != nil {
		return err
	}
	if err := list(j, "exposure", j.overview.Exposure); err != nil {
		return err
	}
	j.overview.Actors, j.overview.Exposure = nil, nil
	_, err := io.WriteString(j.w, ",\n\"findings\":[")
	return err
}

func (j *jsonWriter) Write(f *Shown) error {
	line, err := j.enc.encode(j.of(f))
	if err != nil {
		return err
	}
	sep := "\n"
	if j.written > 0 {
		sep = ",\n"
	}
	j.written++
	if _, err := io.WriteString(j.w, sep); err != nil {
		return err
	}
	_, err = j.w.Write(line)
	return err
}

// Close writes what stands behind the findings; "masked" is last because it is
// known last.
func (j *jsonWriter) Close() error {
	if _, err := io.WriteString(j.w, "\n]"); err != nil {
		return err
	}
	if err := j.member("coverage", j.overview.Coverage); err != nil {
		return err
	}
	if err := j.ledger(); err != nil {
		return err
	}
	if err := j.member("tool", j.overview.Tool); err != nil {
		return err
	}
	_, err := fmt.Fprintf(j.w, ",\n\"masked\":%d}\n", j.Masked())
	return err
}

// ledger writes an entry a line: an archive may have a million members.
func (j *jsonWriter) ledger() error {
	sep := ",\n\"ledger\":[\n"
	err := j.overview.EachEntry(func(e *finding.Entry) error {
		line, err := j.enc.encode(e)
		if err != nil {
			return fmt.Errorf("report: ledger of %.200q: %w", e.Path, err)
		}
		if _, err := io.WriteString(j.w, sep); err != nil {
			return err
		}
		sep = ",\n"
		_, err = j.w.Write(line)
		return err
	})
	if err != nil {
		return err
	}
	if j.overview.Entries() == 0 {
		_, err := io.WriteString(j.w, ",\n\"ledger\":[]")
		return err
	}
	_, err = io.WriteString(j.w, "\n]")
	return err
}

func (j *jsonWriter) member(key string, v any) error {
	line, err := j.enc.encode(v)
	if err != nil {
		return fmt.Errorf("report: key %s: %w", key, err)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, line, "", " "); err != nil {
		return fmt.Errorf("report: key %s: %w", key, err)
	}
	_, err = fmt.Fprintf(j.w, ",\n%q:%s", key, b.Bytes())
	return err
}

// list is member for a list of which no more than one element is held as text:
// there may be many thousands, with a story each.
func list[T any](j *jsonWriter, key string, all []T) error {
	if len(all) == 0 {
		return j.member(key, all)
	}
	var b bytes.Buffer
	sep := fmt.Sprintf(",\n%q:[\n ", key)
	for i := range all {
		line, err := j.enc.encode(&all[i])
		if err != nil {
			return fmt.Errorf("report: key %s: %w", key, err)
		}
		b.Reset()
		b.WriteString(sep)
		sep = ",\n "
		if err := json.Indent(&b, line, " ", " "); err != nil {
			return fmt.Errorf("report: key %s: %w", key, err)
		}
		if _, err := j.w.Write(b.Bytes()); err != nil {
			return err
		}
	}
	_, err := io.WriteString(j.w, "\n]")
	return err
}

// normalOverview replaces nil maps and lists by empty ones, so that every key
// has the type the schema says. o is a copy of ours.
func normalOverview(o *finding.Overview) *finding.Overview {
	if o.Summary.ByLevel == nil {
		o.Summary.ByLevel = map[string]int64{}
	}
	if o.Summary.ByOutcome == nil {
		o.Summary.ByOutcome = map[string]int64{}
	}
	o.Summary.Timeline.Buckets = eachOwn(o.Summary.Timeline.Buckets, func(b *finding.Bucket) {
		if b.Formats == nil {
			b.Formats = map[string]int64{}
		}
	})
	o.Coverage.Formats = eachOwn(o.Coverage.Formats, func(f *finding.FormatCoverage) {
		if f.Details == nil {
			f.Details = map[string]int64{}
		}
	})
	return o
}
