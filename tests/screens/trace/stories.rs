//! What somebody does at the desk in the trace, in words that are keys, and these:
//!
//! | word | what it is |
//! | --- | --- |
//! | `'text` | typed; `_` is a blank |
//! | `TYPE` | typed: what the screen says to type |
//! | `<one` | the CSR of this name is pasted; `<words` are some words, `<key` is a private key |
//! | `~` | what the desk waits for comes, but for what became of what was sent |
//! | `~no` | the same, and fails |
//! | `+` | two seconds pass |
//! | `@` | the desk's deadline passes |
//! | `!word` | what became of what was sent first and has no answer: `ok` and issued, `wait`s for approval, … |
//! | `^word` | something that happens by itself |

/// A story begins on the list of orders, with nothing over it.
pub const STORIES: &[&str] = &[
    // The list of orders and the order.
    "j j k G g pgdn pgup s s space j space u / 's 'hop enter esc / 'status:issued_ends<30d enter R ~ esc",
    "enter ~ o o o ~ j c ~ + enter !ok ~ o O O h j enter ~ R ~no R ~",
    "enter ~ o j j enter y ~ esc w tab ~ enter ~ esc",
    "j @ ~ j @ ~no k @ ~ enter ~ esc ^rows ^held R ~ ^gone",
    "enter ~ o o j a 'fine ~ + enter !ok ~ @ ~",
    // Copies and files.
    "enter ~ y c ~ y i ~ y f ~ y r ~ y s ~ y t ~ y p ~ y j j enter ~",
    "enter ~ y f ~no y f ~ w ~ 'x enter ~no enter ~ w enter ~",
    "enter ~ o o o ~ y d ~ y l ~ y n ~ y v ~ esc",
    // Duplicates.
    "d ~ <one ~ ctrl-s ~ + enter !ok ~ @ ~ @ ~ esc",
    "d ~ <one tab tab 'nginx ctrl-s ~ + enter !wait ~ @ ~ @ ~ W a ~ + enter !ok ~ @ ~ @ ~ y f ~ esc esc",
    "d ~ <two ctrl-s ~ + enter !late ~ @ ~ @ ~ W enter ~ esc",
    "d ~ <three ctrl-s ~ + enter !lost ~ @ ~ @ ~ @ ~ @ ~ @ ~ @ ~ W s ~ + ctrl-s ~ + enter !ok ~ @ ~",
    "d ~ <three ctrl-s ~ + enter !refused ~ esc d ~ ctrl-s ~ + enter !denied ~ W s ~ esc F enter ~ ctrl-d",
    "d ~ <two ctrl-s ~ + enter !disk TYPE enter !ok ~ @ ~",
    "d ~ <two ctrl-s ~ + enter !twin TYPE enter !ok ~ @ ~ @ ~",
    "d ~ <two ctrl-s ~ + enter !unsent ~ W s ~ + ctrl-s ~ enter + enter !wait @ ~ W x + enter",
    "d ~ <key <words tab <more ctrl-s esc esc d ~ <words <more ctrl-n ctrl-s ctrl-d",
    "d ~ <more ctrl-t ~ ctrl-s ~ + TYPE enter !ok ~ @ ~ @ ~",
    "d ~ ctrl-g tab enter ~ ctrl-g enter ~no esc ctrl-o 'x tab ~ enter ~ ctrl-o 'y enter ~no esc ctrl-e ~ ctrl-e ~no esc",
    "j j d esc d ~no ctrl-r ~ <other ctrl-s ~ esc d ~ ctrl-d",
    "d <one ~ <one esc F enter ~ esc F ctrl-d esc d ~ <one ctrl-s + enter ~ + enter !ok ~",
    // Reissues.
    "r ~ <more tab tab 'new.example.net ctrl-s ~ + TYPE enter !wait ~ @ ~ 2 R ~ a 'ok ~ + enter !ok ~ @ ~ @ ~",
    "r ~ <fresh ctrl-s ~ pgdn pgup + TYPE enter !ok ~ @ ~ @ ~ W y c ~ W w enter ~",
    "r ~ <fresh ctrl-s ~ + TYPE enter !slow ~ @ ~ @ ~ @ ~ @ ~ @ ~ @ ~ ^issued @ ~ @ ~ @ ~",
    "r ~ <one ctrl-s ~ + TYPE enter !late @ ~ @ ~ @ ~ W enter ~",
    "r ~ <one ctrl-s ~ + TYPE enter !lost @ ~no @ ~ @ ~ @ ~ @ ~ @ ~ @ ~ W s ~ + ctrl-s ~ + TYPE enter !refused",
    "r ~ <two esc r ~ esc enter ~ r ctrl-d ctrl-d",
    // New orders and renewals.
    "N ~ <one ctrl-n tab tab tab 'exam tab 'main ~ tab tab tab tab 'nginx ctrl-s ~ esc ctrl-s ~ + enter !ok ~ @ ~ @ ~",
    "N ~no ctrl-r ~ <fresh ctrl-n tab tab tab 'exam ctrl-s ~ + enter !lost ~ @ ~ @ ~ @ ~ @ ~ @ ~ @ ~ W s ~ + ctrl-s ~ + enter !wait ~",
    "N ~ <fresh ctrl-n tab tab tab 'exam ctrl-s ~ + enter !late ~ @ ~ @ ~ @ ~ W enter ~ esc",
    "j j n ~ R ~ n ~ <one ctrl-s ~ + enter !wait ~ @ ~ 2 R ~ a ~ + enter !ok ~ @ ~ @ ~",
    "j j n ~ enter ~ <two ctrl-s ~ + enter !ok ~",
    "D 'shop.example.net_www.shop.example.net_api.example.net_pay.example.net ~ down enter ~ <one ctrl-s ~ + enter !ok ~",
    // The menu of small operations.
    "enter ~ m enter 'call_them ~ + enter !ok ~ @ ~ o o o o",
    "enter ~ m enter 'gone ~ + enter !lost ~ @ ~ @ ~ @ ~ @ ~ @ ~ @ ~ W s ~ + TYPE enter !ok ~",
    "enter ~ m j j j enter ~ + enter !late @ ~ @ ~ R ~",
    "enter ~ m j j j j j enter ~ + TYPE enter !wait ~ @ ~ 2 R ~",
    "enter ~ m G j j j j j j enter 'leaked TYPE ~ + enter TYPE enter !refused ~",
    "/ 'bcher enter enter ~ m j enter ~ 'why + enter !ok ~ @ ~",
    "/ 'bcher enter enter ~ o o o ~ m enter ~ + enter !ok ~ @ ~ m j enter ~ tab right + enter !lost @ ~ @ ~",
    "/ 'crm enter enter ~ m j j enter ~ + enter !ok ~ @ ~",
    "/ 'new.ex enter enter ~ o o o ~ c ~ + enter !ok ~ @ ~",
    "enter ~ o j j m j j j j enter ~ + enter !ok ~ @ ~",
    "enter ~ o o o ~ C ~ + enter !ok ~ e ~ tab right + enter !ok ~ m j enter ~ + enter !lost @ ~ @ ~",
    "enter ~ o o o ~ m enter ~ + enter !ok ~ @ ~ m j j enter ~ + enter !denied esc y d ~",
    // Requests.
    "2 R ~ enter ~ esc j @ ~ a 'fine ~ + enter !ok ~ @ ~ R ~",
    "2 R ~ x 'no ~ + enter !lost ~ @ ~ @ ~ @ ~ @ ~ @ ~ @ ~ R ~",
    "2 R ~ space space space a 'all ~ + enter !ok ~ !lost ~ !ok ~ @ ~",
    "2 R ~ space j space x ~ + enter !ok !ok ~ R ~",
    "2 t ~ t ~ t ~ / 'type:reissue_status:approved @ ~ enter esc / 'by:grace @ ~no esc esc",
    "2 R ~ space j space a ~ + enter !ok ^away ~ !ok R ~ ^home ~ !ok W ~ esc",
    // The journal and what was sent.
    "3 ~ j j v ~ esc g x + enter k enter ~ esc 3 v ~no esc R ~ ^journal g enter",
    "^resume ~ @ ~ @ ~ W j s ~ + enter k enter ~ esc W x",
    // Many CSRs.
    "b ~ 'a tab ~ enter ~ tab 'nginx ctrl-s ~ + TYPE enter !ok ~ !ok ~ !wait ~ @ ~ @ ~ w tab 'out enter ~ esc",
    "b ~ 'a.csr enter ~ down ctrl-x ctrl-s ~ + TYPE enter !ok ~ !lost ~ @ ~ @ ~ @ ~ @ ~ @ ~ @ ~ ctrl-s ~ + TYPE enter !refused ~ !denied ~ esc esc",
    "b ~no esc b ~ 'a enter ~no 'b enter ~ ctrl-s TYPE enter esc !late ~ @ ~ ctrl-o 'c enter ~ ctrl-d esc",
    "b ~ 'a enter ~ ctrl-s ~ + TYPE enter !ok ^away ~ ^home ~ b ~ esc",
    // Palette, help, connection, and what comes by itself.
    ": 'journal enter : 'dupl down up enter ~ esc ? j pgdn g esc f1 esc : 'xyz enter esc",
    "K ~ '0123456789ABCDEF tab right enter ~no 'x enter ~ esc ^nokey ~ R esc ^home ~ R ~no R ~",
    "^away ~ R ~ enter ~ esc ^home ~ d ~ <one ^away ~ ^home ~ F esc",
    "d ~ <one ctrl-s ~ + enter ^away !ok ~ ^home ~ @ ~ @ ~",
    "enter ~ m enter 'note ~ ^away enter ^home ~ W esc",
    "^drafts F ~ enter ~ esc b ~ esc ^notice ^notkept d ~ <one esc ^keptagain ^beside ^mistakes j esc",
    "^clock j / 'ends<10d enter ^clock esc ^small d ~ <one ctrl-s ~ esc esc ^large ^ground R ~",
    "ctrl-l ctrl-z q esc ctrl-c esc d ~ <two ctrl-c esc ctrl-c ctrl-c esc ^paste",
    "enter d r n b y w m a x W F K N D esc esc esc ~ 2 ~ 3 ~ 1",
];
