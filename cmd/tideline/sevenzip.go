package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/bodgit/sevenzip"

	"tideline/scanner/source"
)

// openSevenZip is the source.SevenZipOpener of the command. The library brings
// net/http with it, which is why it is here and not where archives are read.
func openSevenZip(r io.ReaderAt, size int64, password string) ([]source.SevenZipMember, error) {
	addMethods()
	archive, err := sevenzip.NewReaderWithPassword(r, size, password)
	if err != nil {
		return nil, sevenZipError(err)
	}
	members := make([]source.SevenZipMember, 0, len(archive.File))
	for _, f := range archive.File {
		members = append(members, source.SevenZipMember{
			Name: f.Name, Dir: f.FileInfo().IsDir(), Size: f.UncompressedSize, CRC32: f.CRC32,
			Open: func() (io.ReadCloser, error) {
				rc, err := f.Open()
				if err != nil {
					return nil, unopened(err)
				}
				return sevenZipContent{rc}, nil
			},
		})
	}
	return members, nil
}

// sevenZipError says in the words of package source that a password is wrong.
// The library can only tell that a cipher is involved in what failed.
func sevenZipError(err error) error {
	var failed *sevenzip.ReadError
	if errors.As(err, &failed) && failed.Encrypted {
		return fmt.Errorf("%w (%w)", source.ErrPassword, err)
	}
	return err
}

// unopened is sevenZipError for a member that cannot be opened: where several are
// packed as one, those before it are unpacked on the way.
func unopened(err error) error {
	if strings.Contains(err.Error(), "unsupported compression algorithm") { // the library has no name for it
		return fmt.Errorf("%w (%w)", source.ErrMethod, err)
	}
	var failed *sevenzip.ReadError
	if errors.As(err, &failed) && !failed.Encrypted {
		return fmt.Errorf("%w (%w)", source.ErrUnreached, err)
	}
	return sevenZipError(err)
}

// A sevenZipContent is the content of a member.
type sevenZipContent struct{ io.ReadCloser }

func (c sevenZipContent) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	if err != nil && err != io.EOF {
		err = sevenZipError(err)
	}
	return n, err
}
