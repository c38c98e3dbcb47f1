"""Texts of our own fiction for little sites: (slug, language, title, paragraphs)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tale:
    slug: str
    language: str
    title: str
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n\n".join(self.paragraphs)


FERRY = Tale(
    "ferry-to-osmund-stops",
    "en",
    "The last paddle ferry to Osmund Island stops running",
    (
        "The paddle ferry Marigold made her last crossing to Osmund Island on Tuesday evening, ending a service that "
        "had carried sheep, schoolchildren and wedding parties over the sound for a hundred and eleven years.",
        "Her skipper, Tove Brannock, rang the bell eleven times as the boat left the granite pier, once for every "
        "decade of the timetable, and twice more because, she said, nobody had ever managed to count properly on "
        "board. About four hundred people stood on the slipway in the rain and sang.",
        "The island council decided in March that the boiler could not be repaired for less than two million crowns. "
        "A consortium of crofters offered to buy the hull for the price of the scrap brass, but the offer came nine "
        "days after the closing date and was returned unopened.",
        "From next week a fast catamaran will run four times a day from the new terminal at Grisholm. It takes eleven "
        "minutes instead of fifty, and it will carry no animals. Farmers have been told to use the freight barge on "
        "Thursdays, weather permitting, and to bring their own ropes.",
        "Brannock, who is sixty-three, has been offered a post in the ticket hall. She has not answered. Her "
        "grandmother stoked the same boiler in the hungry winter, when the sound froze and the passengers walked "
        "ahead of the bow with axes.",
    ),
)
LIBRARY = Tale(
    "night-library-opens",
    "en",
    "A library that opens only at night finds readers nobody expected",
    (
        "When the town of Calder Vale unlocked its new library at nine in the evening, the clerk on duty had prepared "
        "twelve chairs. By midnight there were ninety people in the reading room, and the bakery across the square "
        "had sent over two trays of rolls without being asked.",
        "The idea came from a nurse, Oona Pereira, who wrote to the mayor that people who work in shifts pay for the "
        "same shelves as everybody else and never see them. The letter was read aloud in the council and nobody could "
        "think of an objection that survived the evening.",
        "Half of the visitors in the first month were drivers, cleaners and hospital staff. The rest surprised the "
        "planners: fathers with infants who would not sleep, a chess club that had been put out of its cellar, and a "
        "retired surveyor who is mapping the stars over the car park from the periodicals desk.",
        "Loans are up by a third compared with the old branch, which closed at five. The most wanted title is a manual "
        "of bicycle repair; the second is a novel about a lighthouse that the local paper once called unreadable.",
        "The trial costs the town as much as one roundabout a year. In November the council will vote on whether to "
        "keep it, and the chess club has already promised to be there, quietly, in large numbers.",
    ),
)
VIGNE = Tale(
    "vigne-de-saint-aubrac",
    "fr",
    "À Saint-Aubrac, la vigne oubliée du cimetière donne son premier vin",
    (
        "Personne ne savait plus qui avait planté la vigne derrière le mur du cimetière de Saint-Aubrac. Cet automne, "
        "pour la première fois depuis soixante ans, elle a donné assez de raisin pour remplir une barrique, que le "
        "village a mise en bouteilles dimanche sous le préau de l'école.",
        "Le fossoyeur, Lucien Arbelade, taillait les ceps chaque hiver par simple habitude. « Mon père le faisait, je "
        "l'ai fait, et personne ne goûtait jamais », raconte-t-il. C'est une stagiaire venue compter les papillons qui "
        "a reconnu un cépage que les manuels disaient disparu depuis le phylloxéra.",
        "Trois laboratoires ont confirmé sa trouvaille au printemps. Depuis, la mairie reçoit des lettres du Chili et "
        "d'Afrique du Sud, où des vignerons demandent des greffons. Le conseil municipal a répondu qu'il faudrait "
        "attendre, car la vigne ne compte que quarante et un pieds et que les merles en prennent leur part.",
        "Le vin, d'un rouge presque noir, sent la violette et la pierre mouillée. Il ne sera pas vendu : chaque foyer "
        "recevra deux bouteilles, et le reste servira aux mariages. Le curé en a demandé une caisse, que "
        "l'institutrice a refusée au nom de la laïcité, avant de lui en offrir une de sa propre cave.",
        "L'an prochain, une seconde parcelle sera plantée au-dessus du lavoir. Arbelade, qui aura quatre-vingts ans, a "
        "promis de montrer la taille aux enfants, à condition qu'ils laissent leurs téléphones dans une corbeille.",
    ),
)
FARO = Tale(
    "farera-de-cabo-lirio",
    "es",
    "La farera de Cabo Lirio apaga la lámpara después de cuarenta inviernos",
    (
        "Remedios Quintanar bajó por última vez los doscientos siete escalones del faro de Cabo Lirio el lunes al "
        "amanecer. Llevaba un cubo de latón, un termo y la llave de hierro que nadie más había tenido en la mano desde "
        "el invierno en que naufragó el carbonero Aurora.",
        "La lámpara funcionará desde ahora sola, gobernada por un aparato del tamaño de una caja de zapatos. Los "
        "ingenieros que lo instalaron pasaron tres noches en la torre y reconocieron que ninguna máquina sabe decir, "
        "como ella, a qué hora va a entrar la niebla por el ruido de las gaviotas.",
        "Quintanar llegó al cabo con veintitrés años, contratada por seis meses. Aprendió a coser velas, a curar "
        "cormoranes y a escribir el parte con una letra tan clara que los capitanes lo copiaban en sus diarios. "
        "Rescató a once personas y nunca quiso la medalla, porque decía que el bote tenía más mérito.",
        "El ayuntamiento piensa convertir la vivienda en un pequeño museo del viento. Los pescadores prefieren que "
        "siga habiendo ropa tendida en la terraza, ya que la usaban para saber si convenía salir.",
        "Ella se muda a una casa sin vistas al mar, junto a la estación de autobuses. «He mirado bastante», explicó a "
        "los vecinos mientras repartía las macetas de geranios, una por cada barco que volvió a puerto.",
    ),
)
PHAROS = Tale(
    "giortes-tou-alatiou",
    "el",
    "Η γιορτή του αλατιού επιστρέφει στην Ανθυλλίδα ύστερα από τριάντα χρόνια",
    (
        "Οι παλιές αλυκές της Ανθυλλίδας άνοιξαν ξανά το Σάββατο, και μαζί τους επέστρεψε η γιορτή του αλατιού, που "
        "είχε να γίνει από τη χρονιά που έκλεισε το εργοστάσιο. Περισσότεροι από δύο χιλιάδες επισκέπτες περπάτησαν "
        "ξυπόλυτοι πάνω στα λευκά τηγάνια μέχρι τη δύση του ήλιου.",
        "Η Καλλιρρόη Δεσύλλα, εγγονή του τελευταίου επιστάτη, βρήκε τα σχέδια των καναλιών μέσα σε ένα μπαούλο με "
        "νυφικά. Χρειάστηκαν τρία καλοκαίρια και εβδομήντα εθελοντές για να καθαριστούν οι υδατοφράκτες από τα "
        "καλάμια και να ξανατρέξει το θαλασσινό νερό.",
        "Το πρώτο αλάτι μαζεύτηκε με ξύλινες τσουγκράνες, όπως παλιά, και ζυγίστηκε στην πλατεία. Ένας γέρος αλυκάρης "
        "διόρθωνε με το μπαστούνι του τους νεότερους, λέγοντας πως ο άνεμος δεν συγχωρεί όποιον βιάζεται.",
        "Ο δήμος σκοπεύει να πουλά το αλάτι σε μικρά σακουλάκια από λινό, ενώ τα έσοδα θα πηγαίνουν στο δημοτικό "
        "σχολείο, που έχει μόλις εννέα μαθητές. Τα φλαμίνγκο, που είχαν εγκαταλείψει τη λιμνοθάλασσα, φάνηκαν ξανά "
        "τον Απρίλιο, πριν ακόμη τελειώσουν τα έργα.",
    ),
)
BEES = Tale(
    "bees-on-the-courthouse",
    "en",
    "Court adjourned as forty thousand bees claim the judges' staircase",
    (
        "A civil hearing in Harrowmere was broken off on Wednesday after a swarm of bees settled on the marble "
        "staircase that leads to the judges' chambers, closing the only door through which the court can lawfully "
        "enter the room.",
        "Bailiff Edmund Achterberg counted for a while and then stopped. The beekeeper who was fetched from a nearby "
        "monastery put the swarm at forty thousand and recommended patience, since the queen had evidently chosen the "
        "bust of a former chancellor and would hear no argument.",
        "The parties, two brothers who dispute a hedge, waited together in the canteen. By four o'clock they had "
        "agreed on the hedge, the ditch beside it and the price of the apples, and asked whether they "
        "still needed a judge.",
        "A rule of 1874 allows the court to sit in any place where the royal arms can be hung on a nail. The session "
        "was closed in the bicycle shed, where the arms were hung beside a pump. The bees left the next morning "
        "through a skylight, and the monastery has been sent a jar of its own honey by way of thanks.",
    ),
)
ALL = (FERRY, LIBRARY, VIGNE, FARO, PHAROS, BEES)
