"""A community's recorded questions asked again of the bot's own rules, with a stated model of people.

`people` says how everybody behaves, and of every number where it comes from. `paper` is the bot's rules without a
database, shown in every run to do exactly what the use cases over a database do (`wired`). `at_once` are ways of asking
that these can't express. `referee` finds whoever is invited against a hard rule.

What it can't say:

* How many questions a real community would see answered. That hangs on how many people know a topic and feel like
  answering, which is assumed; figures are to be read beside each other, in one run.
* Whether answers are any good: whoever knows the topic and takes a question answers it, once.
* What people do unasked. In a real server somebody passing by may answer; here only invitations lead to answers, so
  whoever asks few people is shown worse than they would be. (In the largest help server about 23 % of sessions end
  without any answer. Aardvark, which asked people one by one, left 12 % of questions unanswered.)
* What asking does to people in the long run: they neither leave because they are asked too often, nor grow because they
  are asked at all, so what exploratory seats are for can't be seen. `fatigue` is a start, and none by default.
* Anything that hangs on what the bot would have learned in the simulation: topics are ranked as in the record.
* How much communities differ: intervals are over questions and draws of people, not over records or models. Of twenty
  settings compared with one default, one leaves its interval by chance, and all share the luck of that default.
"""
