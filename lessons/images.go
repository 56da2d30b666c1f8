package lessons

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	_ "image/gif"  // so that image.DecodeConfig knows its header
	_ "image/jpeg" // likewise
	_ "image/png"  // likewise
	"io/fs"
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"

	"course/problem"
	"course/svg"

	"github.com/yuin/goldmark/ast"
	_ "golang.org/x/image/webp" // likewise
)

// Limits of images. A page that is read on a phone shows none that are near them.
const (
	maxImage  = 4 << 20  // bytes of one
	maxImages = 64 << 20 // bytes of all of a course
	maxPixels = 40_000_000
	maxSide   = 20_000 // pixels
)

// imageFormats are what images may be, as package image calls them, by extension.
var imageFormats = map[string]string{".gif": "gif", ".jpeg": "jpeg", ".jpg": "jpeg", ".png": "png", ".svg": "svg", ".webp": "webp"}

func isImageFile(name string) bool { return imageFormats[strings.ToLower(path.Ext(name))] != "" }

// An Image is a picture that lessons show, or link to: a file of the course, as it was when the course was read.
type Image struct {
	File          string // its path within the course, "pictures/fork.png"
	Width, Height int    // in CSS pixels
	Content       string // to be shown; of a drawing, what svg.Clean leaves of it
	Sum           string // SHA-256 of Content, in hexadecimal

	raw     string   // the file
	dropped []string // of a drawing, what is not in Content
}

// imageUse is a place where a lesson shows an image.
type imageUse struct {
	at    problem.Position
	file  string // within the course; "" by a reference that was used before
	named bool   // there is a text for who does not see it
}

// image notes an image of the course, and refuses one from elsewhere, which would have the reader's browser ask another site for it.
func (l *Lesson) image(n *ast.Image) {
	named := plainText(n, l.Source) != ""
	switch {
	case !l.again(n, n.Reference, n.Destination):
		l.showImage(l.at(position(n)), resolved(n.Destination), named)
	case !named:
		l.images = append(l.images, imageUse{at: l.at(position(n))})
	}
}

func (l *Lesson) showImage(at problem.Position, destination string, named bool) {
	file, ok := l.ImageFile(destination)
	switch {
	case ok:
		l.images = append(l.images, imageUse{at, file, named})
	case !l.allowed(at, destination):
	case scheme(destination) != "" || strings.HasPrefix(destination, "//"):
		l.report(at, 0, "images from other sites are not shown", "no page asks anything of another site: keep the image beside the lesson, or link to it, without the !")
	default:
		l.report(at, 0, excerpt(destination)+" is no image of the course", "name a file by its path from the lesson, as in pictures/fork.png")
	}
}

// ImageFile returns the file within the course that the destination of an image in the lesson names, whether it is there or not. ok is false where it can be none.
func (l *Lesson) ImageFile(destination string) (file string, ok bool) {
	u, err := url.Parse(destination)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.RawQuery != "" || u.Path == "" || path.IsAbs(u.Path) {
		return "", false
	}
	file = path.Join(path.Dir(l.File), u.Path)
	return file, fs.ValidPath(file) && !strings.ContainsAny(file, "\\\x00")
}

// An imageReader reads the images of a course.
type imageReader struct {
	fsys  fs.FS
	prev  map[string]*Image
	names map[string][]string // what is in a directory; directories end in "/"
	total int                 // bytes
}

// showImages reads the images that lessons show, once each, and reports what is wrong with them, at each place that shows them.
func (c *Course) showImages(fsys fs.FS, prev *Course) {
	r := &imageReader{fsys: fsys, prev: prev.Images, names: make(map[string][]string)}
	type failure struct{ message, hint string }
	failed := make(map[string]failure)
	c.Images = make(map[string]*Image)
	for _, l := range c.Lessons {
		for _, use := range l.images {
			if use.file == "" {
				continue
			}
			if _, known := failed[use.file]; !known && c.Images[use.file] == nil {
				if one, message, hint := r.read(use.file); one != nil {
					c.Images[use.file] = one
				} else {
					failed[use.file] = failure{message, hint}
				}
			}
			if f, ok := failed[use.file]; ok {
				c.report(l, use.at, 0, f.message, f.hint)
			}
		}
	}
	for _, file := range slices.Sorted(maps.Keys(c.Images)) {
		if dropped := c.Images[file].dropped; len(dropped) > 0 {
			c.Problems = append(c.Problems, problem.Problem{
				Position: wholeFile(file), Message: "the drawing is shown without " + excerpt(strings.Join(dropped, ", ")),
				Hint: "scripts, links, animation and what comes from elsewhere are left out: export it as plain SVG, with text as text or as paths",
			})
		}
	}
}

// read returns an image, or what is wrong with it.
func (r *imageReader) read(file string) (one *Image, message, hint string) {
	format := imageFormats[strings.ToLower(path.Ext(file))]
	if format == "" {
		return nil, excerpt(file) + " is no image", "an image is a file .png, .jpg, .gif, .webp or .svg"
	}
	if hint, ok := r.find(file); !ok {
		return nil, fmt.Sprintf("there is no image %s", excerpt(file)), hint
	}
	raw, err := dataFile(r.fsys, file)
	if err != nil {
		return nil, fmt.Sprintf("%s %v", excerpt(file), err), "keep a copy in the course"
	}
	if r.total += len(raw); len(raw) > maxImage || r.total > maxImages {
		return nil, fmt.Sprintf("%s is larger than %d MiB, or all images of the course are larger than %d MiB", excerpt(file), maxImage>>20, maxImages>>20), "a width of 1600 pixels is enough for any page: scale it down"
	}
	if before := r.prev[file]; before != nil && before.raw == raw {
		return before, "", ""
	}
	one = &Image{File: file, raw: raw, Content: raw}
	if format == "svg" {
		err = one.draw()
	} else {
		err = one.measure(format)
	}
	if err != nil {
		return nil, fmt.Sprintf("%s is not shown: %v", excerpt(file), err), "export it again"
	}
	sum := sha256.Sum256([]byte(one.Content))
	one.Sum = hex.EncodeToString(sum[:])
	return one, "", ""
}

// find reports whether the file is there under just this name; else it returns a hint. Some systems open Fork.png as fork.png, and others do not.
func (r *imageReader) find(file string) (hint string, ok bool) {
	for at := file; at != "."; at = path.Dir(at) {
		dir := path.Dir(at)
		names, known := r.names[dir]
		if !known {
			entries, _ := fs.ReadDir(r.fsys, dir) // what cannot be read holds nothing
			for _, e := range entries {
				name := path.Join(dir, e.Name())
				if e.IsDir() {
					name += "/"
				}
				names = append(names, name)
			}
			r.names[dir] = names
		}
		if slices.Contains(names, at) || slices.Contains(names, at+"/") {
			continue
		}
		images := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return at == file && !isImageFile(name) })
		return hintAmong(at, images), false
	}
	return "", true
}

// draw makes the content of a drawing what may be shown of it.
func (i *Image) draw() error {
	d, err := svg.Clean([]byte(i.raw), "")
	if err != nil {
		return err
	}
	if d.Width == 0 {
		return errors.New("nothing tells its size: give its svg element a viewBox")
	}
	i.Width, i.Height = max(1, int(d.Width+0.5)), max(1, int(d.Height+0.5))
	i.Content, i.dropped = string(d.SVG), d.Dropped
	return nil
}

// measure reads the header of an image that is to be of that format.
func (i *Image) measure(format string) error {
	config, is, err := image.DecodeConfig(strings.NewReader(i.raw))
	switch {
	case err != nil && bytes.Contains([]byte(i.raw[:min(len(i.raw), 1024)]), []byte("<svg")):
		return errors.New("it is SVG by what is in it, and not by its name")
	case err != nil:
		return fmt.Errorf("it cannot be read as %s", strings.ToUpper(format))
	case is != format:
		return fmt.Errorf("it is %s by what is in it, and %s by its name", strings.ToUpper(is), strings.ToUpper(format))
	case config.Width < 1 || config.Height < 1 || config.Width > maxSide || config.Height > maxSide || config.Width*config.Height > maxPixels:
		return fmt.Errorf("it is %d by %d pixels large", config.Width, config.Height)
	}
	i.Width, i.Height = config.Width, config.Height
	return nil
}

// unnamedImages reports images without a text for who does not see them.
func (l *Lesson) unnamedImages() (all problem.List) {
	for _, use := range l.images {
		if !use.named {
			all = append(all, problem.Problem{
				Position: use.at, Message: "the image says nothing to who does not see it", Hint: "write between the brackets what is to be seen: ![Two bars, the second twice as long](…)", Source: l.sourceLine(use.at),
			})
		}
	}
	return all
}
