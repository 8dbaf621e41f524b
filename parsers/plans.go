package parsers

import "sync"

// Plans are what formats made of Options.Fields, which is the same for all streams
// of a scan: a tree may hold a hundred thousand small files, and to compile the
// fields of hundreds of rules takes longer than to read one of them. A Plans
// belongs to one list of fields; the zero value is empty. It may be used by many
// goroutines, and so may what it holds, which nobody changes.
type Plans struct{ made sync.Map } // by name of the format

// Plan is what compile returned for that format the first time it was asked with
// these Plans; without Plans it is what compile returns.
func (o *Options) Plan(format string, compile func() any) any {
	if o.Plans == nil {
		return compile()
	}
	if plan, ok := o.Plans.made.Load(format); ok {
		return plan
	}
	plan, _ := o.Plans.made.LoadOrStore(format, compile())
	return plan
}
