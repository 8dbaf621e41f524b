package auditd

import "tideline/parsers"

// variations say in what the events of a routine differ that are alike but for what
// stands in holes: in numbers, of processes, files and registers, and in what stands in
// the holes of loose stencils.
type variations struct {
	call  parsers.Variation // of a SYSCALL record, and of an event without a loose one
	loose parsers.Variation // of a record that fits a loose stencil
	event parsers.Variation // of an event with such a record
	other parsers.Variation // of any other record
}

func newVariations(columns []column, names *nameTable) (v variations) {
	inode := names.id([]byte("inode"))
	for i, c := range columns {
		switch c.special {
		case thePath, thePathWritten, theTarget, theSockFamily, theSockIP, theSockPort, theSockPath, theDestIP, theDestPort:
			v.loose.Fields = append(v.loose.Fields, i)
			continue
		case theProcessID, theParentID:
			v.other.Numbers = append(v.other.Numbers, i)
			continue
		}
		switch c.id {
		case idNone:
		case idName, idSaddr, idSADDR:
			v.loose.Fields = append(v.loose.Fields, i)
		case idPid, idPpid, inode:
			v.other.Numbers = append(v.other.Numbers, i)
		case idA0, idA1, idA2, idA3:
			v.call.Numbers = append(v.call.Numbers, i) // never lent to other records
		}
	}
	v.call.Numbers = append(v.call.Numbers, v.other.Numbers...)
	v.loose.Numbers, v.loose.Words = v.other.Numbers, true
	v.event = parsers.Variation{Fields: v.loose.Fields, Numbers: v.call.Numbers, Words: true}
	return v
}

// mark says of the views of an event which follows r in what they differ.
func (v *variations) mark(r *routine, views []parsers.View, g *group) {
	for i := range views {
		varies := &v.call
		if views[i].Kind != kindRecord {
			if r.loose {
				varies = &v.event
			}
		} else if t := g.gist.stencils[i]; t.loose { // the views of records come first
			varies = &v.loose
		} else if t.number != typeSyscall {
			varies = &v.other
		}
		views[i].Varies = varies
	}
}
