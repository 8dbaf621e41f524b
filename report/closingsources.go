package report

import (
	"fmt"
	"slices"

	"tideline/scanner/finding"
)

// unread names the sources that no format recognised.
func unread(o *finding.Overview) []string {
	var lines []string
	var more int
	err := o.EachEntry(func(e *finding.Entry) error {
		if e.Format != "" || e.Looks == "archive" {
			return nil
		}
		if len(lines) == maxClosingRemarks {
			more++
			return nil
		}
		why := e.Looks
		if why == "" && len(e.Gaps)+len(e.Notes) > 0 {
			why = slices.Concat(e.Gaps, e.Notes)[0].Reason
		}
		lines = append(lines, fmt.Sprintf("  unread  %s (%s, %s)", e.Path, why, byteSize(e.Size)))
		return nil
	})
	if err != nil {
		return append(lines, unreadable(err))
	}
	if more > 0 {
		lines = append(lines, fmt.Sprintf("  and %d more unread; tideline inventory lists them", more))
	}
	return lines
}

// reports names the sources that are reports of tideline, as lie beside the logs after
// the first scan: what they quote counts again.
func reports(o *finding.Overview) []string {
	var lines []string
	var more int
	err := o.EachEntry(func(e *finding.Entry) error {
		i := slices.IndexFunc(e.Notes, func(r finding.Remark) bool { return r.Code == "file.report" })
		switch {
		case i < 0 || e.Format == "":
		case len(lines) == maxClosingRemarks:
			more++
		default:
			lines = append(lines, fmt.Sprintf("  again   %s (%s)", e.Path, e.Notes[i].Reason))
		}
		return nil
	})
	if err != nil {
		return append(lines, unreadable(err))
	}
	if more > 0 {
		lines = append(lines, "  and "+count(int64(more), "more report")+" of tideline")
	}
	return lines
}
