#!/bin/sh
# The week's job of an account, as cron starts it: what is due is reissued, written, and installed; a mail tells of what is left.
set -eu
umask 077
cd "$HOME"
PATH=$HOME/bin:/usr/local/bin:$PATH

# What is due, for the records.
certdeck orders 'due:reissue expires<20d' --csv --columns order,common_name,expires >due.csv

code=0
certdeck reissue --due --within 20d --new-key p256 --out certs --latest --yes --json --quiet --exec "$HOME/install" \
  >report.json 2>words || code=$?
case $code in
0 | 4 | 5) ;;
*) cat words && exit "$code" ;;
esac

# Whatever was issued has its own key beside it, and a chain that leads to the root.
jq -r '.rows[] | select(.state == "issued") | .file' report.json | while read -r file; do
  certdeck chain "$file" --key "${file%/*}/privkey.pem" --quiet >chain.txt || echo "$file: $(cat chain.txt)"
done

# Who has to do something: cron mails what is printed.
jq -r '.rows[] | select(.state != "issued") | "\(.common_name) (order \(.order)): \(.state) \(.detail)"' report.json

certdeck metrics -o certdeck.prom --quiet
certdeck check --warn 14d --crit 2d >check.txt || true
exit "$code"
