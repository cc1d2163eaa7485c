"""Words that stand in any question, in English and French: what is left of a text when they go is what it names.

Written without accents and, where that is all the difference, without the final s. A word left out here counts for the
asker, so when in doubt leave it out.
"""


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


GRAMMAR = _listed(
    """
    about after aide aimerais aller alors also although always am and any anybody anyone anything apres are aren au
    aurais aussi aux avant avec avez avoir avons beaucoup because been before being between bien bonjour bonsoir both
    but by ca can ce cela cependant ces cet cette chez combien comment could couldn dans deja depuis des devrais did
    didn do does doesn dois doit don donc dont du during each elle elles encore est et etes etre even ever everybody
    everyone everything faire fais fait faites faut few for from had has have having hello help here hey hi how however
    ici if il ils into is isn it its jamais je just les ll mais many merci mes might mine moi mon more most much must my
    myself never nos not notre nous now of only ont our parce pas pendant peu peut peux please plus pour pourquoi
    pourrait pourriez pourtant pouvez puis quand quel quelle quelles quelqu quelque quelques quels qui quoi really rien
    sais sait salut sans savez ses should since some somebody someone something sommes sont sous still stp such suis sur
    svp than thank thanks that the their them there these they this those though through too toujours tous tout toute
    toutes tres trop une unless until us using vais vers very veut veux vos votre voudrais voulais vous vraiment we were
    what when where whether which while who whom whose why with within without won working would wouldn yet you your
    """
)
"""What sentences are built of in English and French, and in few other languages."""

FIELDS = _listed(
    """
    ai bioinformatics bioinformatique biologie biology chatgpt chemistry chimie cv dl economics economie excel ia
    informatics informatique keras latex linguistics linguistique linux llm math mathematics mathematiques maths matlab
    ml nlp physics physique python pytorch robotics robotique sql statistic statistical statistics statistique stats tal
    tensorflow
    """
)
"""Whole fields and tools: too wide to be what a question is about."""

EVERYDAY = _listed(
    """
    able absolument absolutely academic accompagnement accompagner acheter actually actuellement additional advance
    advanced advice advise afternoon again aider aidera aidez aimerai ainsi algorithm algorithme all amazing ameliorer
    ami an analyse analysis another answer answering anymore appreciate appreciated apprend apprendre apprentissage area
    arrive arriver article artificial artificielle as asap ask asked asking assez assignment assist assistance astuce at
    aucun aucune aujourd aurait auriez autant automatique autre available avait avance avancer avis awesome back
    background bad base basic basically be become becoming begin beginner begun besoin best better big bit bloque
    bloquee bon bonne book boulot buy cant career carriere celle celui certain certaine certainly ceux chance channel
    chaque chat cher cherche chercher chercheur chercheuse chere choisir choose choosing chose clearly code coder coding
    college come comme commence commencer communaute community competence completely completement comprend comprendre
    computer concerning confused confusing connais connaissance connaissez connait connaitre connect conseil conseiller
    conseillez consider contre conversation cool correctly corrige corriger coup cour cours course currently data
    dataset de deal dear debut debutant debutante debute debuter deep definitely degree demande demander desole desolee
    detail devenir difference different difficile difficult difficulte difficulties difficulty dire directement discord
    discuter disponible dissertation dit dites dm doctorant doctorante doctorat doesnt doing domaine done donne donnee
    donner donnez doubt doute down easier easiest easily easy echanger ecole effective effectively efficace efficacement
    efficient efficiently else emploi en endroit ensemble entirely entrainement entrainer entre envie equipe es
    especially etait etc ete etude etudiant etudiante evening every evidemment exactly example excuse exemple existe
    experience experienced experiment expert experte expertise explain explique expliquer facile facilement facon
    familiar famous fast faster fastest favorite favourite field fin final finally find finding first fix fois folks
    fonction fonctionne fonctionnent fonctionner formation fort forte free friend function galere general genre gens get
    getting give given giving go goes going gonna good got grand grateful great greeting group groupe guess guidance
    guide guider guys hand handle happen happening happens hard harder he helped helpful helping her him his homework
    honestly hope hoping huge hui idea idee immediately immediatement important improve improving in info information
    intelligence interessant interesse interessee interest interested interesting isnt issue job join joined jour juste
    keep keeping kind kindly know knowing knowledge la lancer language last latest le learn learned learning let leur
    level lieu like link literature little livre look looking lors lost lot love lui ma machine madam made main
    maintenant make making malheureusement maniere marche marchent marcher master material may maybe me meilleur
    meilleure member memoire mentor mentoring mentorship message method methode metier mettre mieux minute model modele
    moins moment monde montrer morning mostly moyen msc natural ne need needed network neural neurone new newbie next
    nice niveau no non nor nouveau nouveaux nouvelle off ok okay old on one online opinion opportunities opportunity or
    orienter other ou oui out over overall own paper papier par parcours pardon parfaitement parler partager
    particularly passer path people perdu perdue perhaps person personne petit petite phd pick pire piste place plais
    plait plante pls plusieurs plz popular poser possible post pouvoir prendre pro probably problem probleme processing
    professional profond program programmation programme programming progresser project projet properly propose proposer
    proposez put qu que question quick quickly quite rapidement re ready recherche recommandation recommander
    recommandez recommend recommendation recommended regarding regler related repondre reponse research researcher
    researching reseau resoudre resource ressource result resultat reussir right roadmap sa said same savoir say saying
    school science scientific scientist scratch script se secours see select selon sens serait seriez seriously server
    serveur several share she show si simple sir skill skilled small so soit solve soon sorry sort sorte souci souhaite
    souhaiterais spare speak specialist specialiste specific start started starting step struggle struggling stuck
    student studies study studying stuff subject succeed suggest suggestion suite suivre sujet support sure ta take
    taking talk task te teach team technique tell tellement tes then theses thesis thing think thought tip to today toi
    told tomorrow ton tool top topic totalement totally tourne tourner train trained training travail travaille
    travailler trick tried trouble trouve trouver truc try trying tu tuto tutorial tutoriel two type un understand
    understanding uniquement universite university up urgent urgently use used useful utile utilise utiliser va various
    ve vision vite voila voudrai vouloir wanna want wanted was way well will willing wish wonder wonderful wondering
    wont work worked worst wrong yeah yes
    """
)
"""What else could stand in any question, and short words that many languages share."""

COMMON = _listed(
    """
    above accuracy achieve action add added afraid against ago agree aim aime aimer ajouter allow alone along annee
    anyway app application apply argent around arreter attendre avenir average behind believe below bientot bizarre
    bosse bossent bosser bring broken bug build building busy cadre call care cas case cause cent challenge change
    changed changement changer check choice choix cinq clair claire clear close colleague collegue common commun company
    compare complet complete complex complicated condition construire content continue continuer correct cost cote
    country couple court courte crash crashes create creating creer croire crois day deadline decide decision decouvrir
    decrease demain dernier derniere deux deuxieme develop developper dix drop early echec echoue ecrire ecriture effect
    effet end enfin enough enseignant ensuite entire envoyer erreur error essaie essaye essayer etat etrange exactement
    executer expect explore explorer extra fail failed failing failure false famille fausse faux feel feeling felt
    fermer fichier file finir finish finished finishing five focus follow forget forme forward four full future gagner
    garder gerer goal gros grow growth half happy haut hear heure heureux hier high higher hit home hour huit human
    hundred implement implementation implementing include increase input inside install installer instead internet
    involve jeune laisser large late later leave lecture left lent libre life ligne limit limited line lire list liste
    live long longue lose low lower maison maitrise maitriser major manage matin mean meet meme methodique methodologie
    mind miss modern mois money month mot move name nom nombre normal note nothing nuit number objectif obtenir obtient
    offer often once open option order ordinateur ordre organise organiser organize otherwise oublier output outside
    ouvrir page parfois part partie partir pay payer pays pc pense penser perdre perfect performance period piece plan
    planifier play plutot point practice practise pratiquer prefer premier premiere prend prepare preparer presque pret
    prete principal pris private process produce productive prof professeur professor proper propre provide public
    publication publier publish published publishing qualite quality quatre quitter raison range rapide rate rather
    reach read reading real realiser reason receive recent recently recevoir redaction rediger reduce regarder remember
    rendre reste rester retour review reviser rise risk run running sad safe save score search second seconde seem
    semaine send sense sent sept serieux serious set seul seule seulement seven short side similar simplement single
    site situation six slow smart smoothly social soir solution solved sometimes sortir souvent spend standard state
    stop strange strategy strong stupid succes success successful surtout system systeme taille tard teacher technical
    technology temps ten tenir termine terminer test testing third three tient time together tot total triste trois true
    turn usually valeur value vendre venir version vie viens vient vieux vitesse voir vois vrai vraie vu wait watch weak
    web website week weird whole wide word world worried worth write writing written wrote year yesterday
    """
)
"""Words that name something beside another of them, but not alone: any member might ask how to write a paper."""

ASKING = _listed(
    """
    advice advise aide aider aidez aimerais although anybody anyone appreciate appreciated astuce astuces besoin bloque
    bloquee broken bug bugs but cannot cant cherche chercher combien comment comprend comprends confused confusing
    conseil conseiller conseils crash crashes curious demande despite difference doesnt dont erreur erreurs error errors
    exception explain explication expliquer fail failed fails galere help hoping how however idea ideas idee idees
    instead issue issues jamais lent let looking lost mais malgre nan need needs never not pas perdu perdue plait please
    pls plz pourquoi pourtant problem probleme problemes problems quel quelle quelles quels quoi recommandation
    recommandations recommander recommend recommendation recommendations savoir secours slow somebody someone souci
    soucis souhaite stops stp struggling stuck suggest suggestion suggestions svp t tip tips too trop trouble unclear
    understand unsure veux voudrais want what whether which why wish wonder wondering would wrong
    """
)
"""Words that ask, wish, or tell of something going wrong; *t* is left of "doesn't"."""

CHOICE = _listed("between entre or ou plutot que than versus vs")
"""Words that set one thing against another."""

FURTHER = _listed(
    """
    book books choisir choose combien comment difference explain expliquer how livre livres papers quand quel quelle
    quelles quels quoi pourquoi recommander recommend resource resources ressource ressources si tutorial tutorials
    tutoriel tutoriels what when where whether which why
    """
)
"""Words of a question that goes beyond asking whether anyone could help."""
