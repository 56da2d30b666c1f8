#!/bin/sh
# Makes ../drawer.js.gz anew, with Node and npm: the same packages give the same bytes.
set -eu
cd "$(dirname "$0")"
npm ci --silent
{
	echo '/*!'
	cat LICENCES.txt
	echo '*/'
	# The tool's engine knows no classes of Unicode in expressions: those that the library has are written as ranges, for the page, too.
	npx esbuild main.js --bundle --minify --format=iife --target=es2017 --legal-comments=none --log-level=error |
		sed -e 's/\\p{L}/\\u00aa-\\uffff/g' -e 's/\\*p{Emoji_Presentation}|\\*p{Extended_Pictographic}/[\\u2600-\\u27bf\\u{1f000}-\\u{1faff}]/'
} >drawer.js
if grep -q '\\p{' drawer.js; then
	echo "make.sh: the library has another class of Unicode" >&2
	exit 1
fi
gzip -9 -n <drawer.js >../drawer.js.gz
rm drawer.js
