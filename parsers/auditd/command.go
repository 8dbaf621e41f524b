package auditd

import (
	"bytes"

	"tideline/parsers/internal/cmdline"
)

// command reads the event's arguments as a command.
func (rd *reading) command() *cmdline.Command {
	if !rd.cliRead {
		rd.cliRead = true
		rd.cli.Parse(rd.arguments(), bytes.TrimSuffix(rd.sysValue(idExe), deleted))
	}
	return &rd.cli
}

// commandFields appends the fields cli.tool to cli.namespace.
func (rd *reading) commandFields(dst [][]byte, s special) [][]byte {
	c := rd.command()
	switch s {
	case theCliTool:
		return appendSome(dst, c.Tool)
	case theCliVerb:
		return appendSome(dst, c.Verb)
	case theCliSub:
		return appendSome(dst, c.Sub)
	case theCliWords:
		return append(dst, c.Words...)
	case theCliSecret:
		return c.Secrets(dst)
	case theCliObject:
		return c.Objects(dst)
	case theCliNamespace:
		return c.Namespace(dst)
	}
	return append(dst, c.Flags...)
}
