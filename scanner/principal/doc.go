// Package principal says who acted in an event, and by which id findings of one actor are
// known to belong together.
//
// The id is what a partial result, a baseline and a report share, so it is made here and
// nowhere else. It has a prefix for each kind, "k8s:", "linux:" and so on, and then what
// tells two principals of that kind apart: the name, the name within a place, or the
// place alone where the log names nobody.
package principal
