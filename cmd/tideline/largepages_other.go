//go:build !linux

package main

// largePages is for Linux: other systems decide by themselves.
func largePages() {}

func smallPages() {}
