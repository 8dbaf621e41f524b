// Package exposure builds the rotation list: one line for each credential, in
// one scope, with who got it, how, when, how surely, and what to do about it.
package exposure
