package sigma

import (
	"net/netip"
	"strings"
)

// Values that are taken for something else than text become predicates here, one
// function for each meaning; regular expressions have a file of their own.

func (b *builder) network(c *chain, field int, v value) (*code, error) {
	p, err := netip.ParsePrefix(v.text)
	if addr, one := netip.ParseAddr(v.text); one == nil && addr.Zone() == "" {
		p, err = netip.PrefixFrom(addr, addr.BitLen()), nil // an address alone is a network of one, as pySigma reads it
	}
	if err != nil {
		return nil, fault(v.line, "write for instance 10.0.0.0/8 or fd00::/8", "value %s of %s is no network", quote(v.text), quote(c.item.name()))
	}
	if p != p.Masked() {
		return nil, fault(v.line, "write "+p.Masked().String(), "network %s of %s has bits set behind its prefix", quote(v.text), quote(c.item.name()))
	}
	if p.Addr().Is4In6() && p.Bits() >= 96 { // as the addresses it is compared with
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	return b.predicate(predicate{field: field, test: &network{p, v.text}}), nil
}

func (b *builder) bound(c *chain, field int, v value) (*code, error) {
	than, ok := appendLoose(nil, []byte(v.text))
	if !ok || v.kind == boolValue {
		return nil, fault(v.line, "give a number", "value %s of %s is compared as a number and is none", quote(v.text), quote(c.item.name()))
	}
	cmp := comparison{c.op, than, symbols[c.op] + v.text}
	if c.part != "" {
		return b.predicate(predicate{field: field, test: &clock{c.part, cmp}}), nil
	}
	return b.predicate(predicate{field: field, test: &cmp}), nil
}

var symbols = map[string]string{"lt": "<", "lte": "<=", "gt": ">", "gte": ">="}

func (b *builder) presence(c *chain, field int, v value) (*code, error) {
	there := b.predicate(predicate{field: field, kind: predExists})
	switch is, ok := truth(v.text); {
	case !ok:
		return nil, fault(v.line, "write true or false", "value %s of %s|exists is neither true nor false", quote(v.text), quote(c.item.name()))
	case is:
		return there, nil
	}
	return &code{op: opNot, kids: []*code{there}}, nil
}

func (b *builder) reference(c *chain, field int, v value) (*code, error) {
	if v.text == "" {
		return nil, fault(v.line, "name a field", "%s|fieldref names no field", quote(c.item.name()))
	}
	if strings.ContainsAny(v.text, "*?") { // no event has such a field, so that the rule would never match
		return nil, fault(v.line, "name one field in full; another field is another value of the list", "%s|fieldref names %s, and names of fields have no wildcards", quote(c.item.name()), quote(v.text))
	}
	s := whole
	switch {
	case c.before && c.after:
		s = within
	case c.before:
		s = suffix
	case c.after:
		s = prefix
	}
	return b.predicate(predicate{field: field, kind: predRef, other: b.field(v.text), shape: s, cased: c.cased}), nil
}
